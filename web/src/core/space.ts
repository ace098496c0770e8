/** Directions in space: body to east, north, up, as the server has it (quaternion scalar first, body x out of the nose). */

/** Where the nose points: east, north, up. */
export function nose(w: number, x: number, y: number, z: number): [number, number, number] {
  return [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)];
}
