"""What a generated world is made of. The published mix; every figure here is a choice of ours, not a measurement."""

from dataclasses import dataclass, field

HONEST = {
    "stayed_away": 0.57,  # went about the day; the deal was simply called off
    "next_door": 0.10,  # lives or works regularly 25–150 m from the point
    "pass_by": 0.08,  # the way leads past the point inside the window
    "no_show": 0.12,  # came, was sent away, fell out or waited in vain, left after minutes, some after an hour
    "errand_near": 0.020,  # was at a shop, at work or at a friend's within 400 m of the point
    "same_building": 0.002,  # worked for somebody else at the very address
    "moved": 0.048,  # did the same customer's job at another place instead
    "no_gps": 0.06,  # no positions that day
}
FRAUD = {
    "plain": 0.42,  # the job was done in the window, the phone reporting as ever
    "sparse": 0.21,  # the same with a position in 10–20 min
    "parked": 0.09,  # the phone stayed in the car 150–300 m away
    "phone_off": 0.09,  # the phone was off for a part of the job or all of it
    "late": 0.07,  # the job began after the window
    "replay": 0.06,  # an older day's positions were sent instead
    "other_phone": 0.06,  # the phone stayed at home
}


@dataclass(frozen=True, slots=True)
class City:
    """Degrees of the centre; `radius_m`: half of the homes lie within; `blocks`: how many quarters the places huddle in."""

    lat: float
    lon: float
    radius_m: float = 5000.0
    blocks: int = 60


CITIES = (
    City(55.75, 37.62, 6000, 90),
    City(55.03, 82.92, 4500, 60),
    City(69.65, 18.96, 2500, 25),
    City(-18.14, 178.44, 3000, 30),
    City(-0.18, -78.47, 4000, 50),
    City(64.73, 177.50, 1800, 15),
)
TWIN_CITIES = (
    City(40.71, -74.00, 2500, 160),
    City(43.12, 131.90, 7000, 35),
    City(-16.80, 179.99, 1500, 12),
    City(78.22, 15.65, 900, 10),
    City(35.68, 139.69, 9000, 300),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One world. Seconds and metres; `cadences_s` with their shares; `geocoder_m`: median error of the deal's point;
    `gross_share`: points that are wrong by hundreds of metres; `walled_share`: phones that see nothing
    indoors; `fraud_share`: of all cancellations."""

    name: str
    fraud_share: float = 0.05
    honest: dict[str, float] = field(default_factory=lambda: dict(HONEST))
    fraud: dict[str, float] = field(default_factory=lambda: dict(FRAUD))
    cities: tuple[City, ...] = CITIES
    cadences_s: dict[float, float] = field(default_factory=lambda: {60.0: 0.1, 120.0: 0.25, 300.0: 0.4, 600.0: 0.25})
    geocoder_m: float = 14.0
    gross_share: float = 0.02
    executors: int = 100
    days: int = 45
    cancellations: int = 30
    tracked_days: float = 0.7
    network_share: float = 0.08
    untold_share: float = 0.15
    walled_share: float = 0.15
    start_day: int = 20_500  # days since 1970
    parked_m: tuple[float, float] = (150.0, 300.0)
    dark_share: tuple[float, float] = (0.4, 1.15)  # how much of the visit the phone stays off
    late_h: tuple[float, float] = (0.0, 2.2)  # hours after the window
    long_wait_share: float = 0.06  # of the no-shows: half an hour and more
    unread_share: float = 0.15  # of the no-shows: came because the message that it is off was not seen
    thin_share: float = 0.2  # of all deals' days: a position in 5–20 min, as of a phone in a pocket
    fresh_share: float = 0.2  # of the people: nothing is known of them before some day of the world
    fixed_share: float = 0.04  # phones that know networks alone, in an even beat


STANDARD = Plan("standard")
TWIN = Plan(
    "shifted",
    honest={**HONEST, "stayed_away": 0.49, "next_door": 0.14, "pass_by": 0.12, "no_show": 0.09, "moved": 0.058,
            "no_gps": 0.08},
    fraud={"plain": 0.34, "sparse": 0.24, "parked": 0.10, "phone_off": 0.10, "late": 0.07, "replay": 0.10,
           "other_phone": 0.05},
    cities=TWIN_CITIES,
    cadences_s={60.0: 0.25, 300.0: 0.4, 900.0: 0.35},
    geocoder_m=24.0,
    gross_share=0.03,
    tracked_days=0.6,
    network_share=0.15,
    untold_share=0.3,
    thin_share=0.3,
    walled_share=0.3,
    start_day=20_700,
)  # fmt: skip
WORLDS = {plan.name: plan for plan in (STANDARD, TWIN)}
