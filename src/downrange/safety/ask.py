"""Where a user says what a rule needs to know."""

__all__ = ["ASK"]

ASK = {
    "people_distance": "conditions.people_distance, or a crowd in the site's ground.shapes",
    "building_distance": "a house in the site's ground.shapes", "road_distance": "a road in the site's ground.shapes",
    "others_distance": "crowd, houses and roads in the site's ground.shapes", "edge_distance": "a boundary in the site's ground.shapes",
    "site_dimension": "a boundary in the site's ground.shapes", "leaving_probability": "a boundary in the site's ground.shapes",
    "ballistic_inside": "a boundary in the site's ground.shapes", "crowd_probability": "a crowd in the site's ground.shapes",
    "expected_casualties": "people in the site's ground.shapes", "individual_risk": "people in the site's ground.shapes",
    "airport_distance": "the nearest airport in the site's ground.airports", "ceiling_over_apogee": "the site's ground.waiver.ceiling",
    "ceiling_probability": "the site's ground.waiver.ceiling", "cloud_cover": "conditions.cloud_cover",
    "cloud_base_over_apogee": "conditions.cloud_base", "visibility": "conditions.visibility", "sun_elevation": "conditions.time",
    "cleared_radius": "conditions.cleared_radius", "section_energy": "the launch file's sections",
}  # fmt: skip
