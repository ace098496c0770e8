/* A complete controller of air brakes in C, in compact binary frames, as it might run on a flight computer.

       cc -O2 -o brake_client brake_client.c -lm
       ./brake_client                      frames on standard input and output (downrange hil ... --run --binary)
       ./brake_client 127.0.0.1 5760       over TCP (POSIX)

   It steers for 1,800 m as a barometric altimeter shows it. The protocol: docs/reference/hil.md. Little-endian processors. */

#include <arpa/inet.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const double TARGET = 1800.0, MASS = 4.85, SHUT = 0.00306, OPEN = 0.00935, G = 9.80665;
enum { HELLO = 1, NOW = 2, DO = 3, END = 4 };

/* ---- the controller ------------------------------------------------------------------------------------------- */

static double altitude(double pressure) { return 44330.77 * (1.0 - pow(pressure / 101325.0, 0.190263)); }

static struct {
    double height, speed, pad, time, quiet;
    int seen, begun, lifted, coasting;
} s;

/* How far to open: felt (m/s2) along the axis, pressure (Pa) where it is new. */
static double brake_level(double time, double felt, double pressure, int is_new) {
    double step = s.begun ? time - s.time : 0.0;
    s.begun = 1;
    s.time = time;
    if (!s.lifted) {
        s.lifted = felt > 20.0;
        if (is_new && time < 0) s.pad += (altitude(pressure) - s.pad) / ++s.seen;
        return 0.0;
    }
    s.quiet = felt < 0 ? s.quiet + step : 0.0;
    s.coasting = s.coasting || s.quiet > 0.2;
    s.height += s.speed * step + 0.5 * (felt - G) * step * step;
    s.speed += (felt - G) * step;
    if (is_new) {
        double off = altitude(pressure) - s.pad - s.height;
        s.height += 4.0 * step * off;
        s.speed += 4.0 * step * off;
    }
    if (!s.coasting || s.speed <= 0) return 0.0;
    double left = TARGET - s.height;
    if (left <= 0) return 1.0;
    double each = 0.5 * 1.225 * exp(-(s.pad + s.height + 0.4 * left) / 9500.0) / MASS, low = 0.0, high = 1.0;
    for (int k = 0; k < 20; k++) {
        double middle = 0.5 * (low + high), drag = each * (SHUT + middle * OPEN);
        if (log1p(drag * s.speed * s.speed / G) / (2.0 * drag) > left) low = middle;
        else high = middle;
    }
    return 0.5 * (low + high);
}

/* ---- the protocol --------------------------------------------------------------------------------------------- */

static int in = 0, out = 1;

static uint16_t crc16(const uint8_t *p, size_t n) { /* CRC-16/XMODEM */
    uint16_t crc = 0;
    while (n--) {
        crc ^= (uint16_t)(*p++ << 8);
        for (int k = 0; k < 8; k++) crc = crc & 0x8000 ? (uint16_t)(crc << 1 ^ 0x1021) : (uint16_t)(crc << 1);
    }
    return crc;
}

static int take(uint8_t *p, size_t n) {
    while (n) {
        ssize_t got = read(in, p, n);
        if (got <= 0) return 0;
        p += got;
        n -= (size_t)got;
    }
    return 1;
}

/* The next frame: its kind, its content and length; 0 at the end. */
static int frame(uint8_t *content, uint16_t *length) {
    static uint8_t body[3 + 65536];
    uint8_t sync[2], crc[2];
    if (!take(sync, 2)) return 0;
    while (sync[0] != 0xd5 || sync[1] != 0x52) { /* look for the next beginning */
        sync[0] = sync[1];
        if (!take(sync + 1, 1)) return 0;
    }
    if (!take(body, 3)) return 0;
    memcpy(length, body + 1, 2);
    if (!take(body + 3, *length) || !take(crc, 2)) return 0;
    if (crc16(body, 3u + *length) != (uint16_t)(crc[0] | crc[1] << 8)) return frame(content, length);
    memcpy(content, body + 3, *length);
    return body[0];
}

static int answer(uint32_t n, double level) {
    uint8_t f[2 + 3 + 14 + 2] = {0xd5, 0x52, DO, 14, 0};
    memcpy(f + 5, &n, 4);
    f[9] = 1;  /* one command */
    f[10] = 0; /* of the first actuator */
    memcpy(f + 11, &level, 8);
    uint16_t crc = crc16(f + 2, 17);
    f[19] = (uint8_t)crc;
    f[20] = (uint8_t)(crc >> 8);
    return write(out, f, sizeof f) == (ssize_t)sizeof f;
}

int main(int argc, char **argv) {
    static uint8_t c[65536];
    uint16_t length;
    int kind;
    if (argc > 2) {
        struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
        int yes = 1;
        inet_pton(AF_INET, argv[1], &where.sin_addr);
        in = out = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(in, (struct sockaddr *)&where, sizeof where)) {
            perror("connect");
            return 1;
        }
        setsockopt(in, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    while ((kind = frame(c, &length)) && kind != END) {
        if (kind != NOW || length < 16) continue;
        uint32_t n;
        uint16_t fresh, present;
        double time, pressure = 0.0, felt = G;
        const uint8_t *p = c + 16;
        memcpy(&n, c, 4);
        memcpy(&time, c + 4, 8);
        memcpy(&fresh, c + 12, 2);
        memcpy(&present, c + 14, 2);
        if (present & 1) { /* pressure_pa */
            memcpy(&pressure, p, 8);
            p += 8;
        }
        if (present & 2) memcpy(&felt, p, 8); /* acceleration_m_s2, its x */
        if (!answer(n, brake_level(time, felt, pressure, (present & 1) && (fresh & 1)))) return 1;
    }
    return 0;
}
