"""Sampled body sizes against the percentiles that the survey prints, which the tables were fitted to.

Printed: Fryar 2025 (Vital Health Stat 3, no. 50), Tables 1, 3, 5, 7, 9 and 10, in tenths of cm, kg and
kg/m²; x is not printed. Columns: sex, ages, 5th 10th 15th 25th 50th 75th 85th 90th 95th percentile.
"""

import numpy as np
import pytest

from ivig.codec import DecodeError, decode
from ivig.knowledge import load_knowledge
from ivig.pk.reference_population import ReferencePopulation, SizeByAge, Sizes, draw_sizes

KNOWN = load_knowledge()
PERCENT = (5, 10, 15, 25, 50, 75, 85, 90, 95)
N = 400_000

HEIGHT = """\
male 2-4 847 861 883 903 953 991 1003 1025 1075
male 4-6 1000 1018 1029 1054 1095 1141 1173 1197 1221
male 6-8 1108 1127 1138 1182 1227 1272 1296 1304 1321
male 8-10 1239 1260 1273 1298 1341 1393 1426 1439 1464
male 10-12 x 1343 1365 1401 1475 1531 1548 1564 x
male 12-14 1483 1502 1517 1545 1630 1682 1708 1728 1766
male 14-16 1573 1609 1624 1660 1717 1764 1784 1797 1822
male 16-18 1632 1668 1679 1696 1744 1797 1826 1862 1896
male 18-20 1614 1646 1655 1690 1744 1812 1841 1860 1873
male 20-30 1620 1677 1693 1713 1761 1810 1847 1859 1881
male 30-40 1636 1666 1680 1713 1764 1809 1834 1851 1871
male 40-50 1623 1669 1695 1711 1762 1826 1850 1868 1899
male 50-60 1630 1647 1672 1690 1745 1790 1813 1836 1856
male 60-70 1618 1652 1670 1697 1750 1798 1825 1841 1866
male 70-80 1595 1626 1646 1675 1727 1769 1798 1816 1841
male 80-90 1583 1601 1628 1661 1699 1750 1779 1793 x
female 2-4 829 850 871 892 943 990 1016 1027 1055
female 4-6 988 1004 1018 1037 1085 1127 1166 1191 1218
female 6-8 1131 1141 1148 1170 1222 1272 1299 1313 1343
female 8-10 1233 1264 1278 1296 1338 1391 1427 1444 1460
female 10-12 1339 1373 1402 1429 1474 1535 1584 1606 1634
female 12-14 1422 1454 1492 1517 1572 1613 1643 1648 1666
female 14-16 1502 1520 1531 1559 1593 1639 1653 1666 1694
female 16-18 x 1525 1533 1560 1611 1662 1691 1703 1717
female 18-20 1504 1515 1532 1562 1621 1670 1692 1700 1716
female 20-30 1532 1551 1561 1584 1633 1682 1708 1719 1746
female 30-40 1501 1528 1548 1582 1628 1674 1695 1708 1729
female 40-50 1498 1523 1537 1572 1620 1663 1690 1704 1721
female 50-60 1504 1526 1544 1564 1608 1662 1684 1704 1724
female 60-70 1496 1516 1534 1556 1604 1651 1676 1694 1712
female 70-80 1486 1507 1522 1544 1579 1623 1644 1662 1682
female 80-90 1437 1459 1496 1512 1569 1619 1646 1655 x
"""
WEIGHT = """\
male 2-4 115 119 125 132 146 164 169 178 192
male 4-6 150 155 163 173 195 218 236 251 280
male 6-8 180 194 204 216 241 284 321 340 362
male 8-10 230 245 252 274 305 374 413 435 538
male 10-12 272 296 313 357 405 558 625 685 x
male 12-14 373 396 427 471 552 630 754 811 x
male 14-16 434 484 516 550 662 828 952 1017 1123
male 16-18 506 531 557 600 740 857 963 1004 x
male 18-20 518 539 563 626 723 863 953 1031 1103
male 20-30 570 605 642 722 837 982 1081 1147 1283
male 30-40 636 698 711 771 871 1015 1100 1210 1325
male 40-50 660 697 732 785 884 1077 1197 1251 1419
male 50-60 610 681 712 768 878 1020 1136 1198 1387
male 60-70 626 671 699 760 869 990 1083 1140 1239
male 70-80 608 662 688 745 866 965 1068 1117 1213
male 80-90 580 633 667 708 799 900 965 996 1085
female 2-4 108 113 119 125 145 159 164 172 192
female 4-6 149 155 159 165 183 212 232 259 287
female 6-8 180 187 197 212 245 282 321 357 402
female 8-10 230 246 255 280 314 378 440 453 573
female 10-12 302 323 334 353 432 525 597 644 736
female 12-14 366 413 419 465 523 609 653 731 814
female 14-16 397 451 473 506 571 687 804 864 974
female 16-18 452 481 488 516 597 716 786 866 1032
female 18-20 432 454 489 527 637 826 930 993 1107
female 20-30 476 529 549 594 689 829 982 1073 1213
female 30-40 514 554 589 631 750 933 1079 1146 1259
female 40-50 528 560 587 639 748 906 1011 1115 1237
female 50-60 531 579 602 652 785 955 1050 1115 1214
female 60-70 516 555 589 633 743 899 984 1045 1093
female 70-80 498 546 568 620 717 824 914 963 1035
female 80-90 468 506 529 579 657 752 830 873 942
"""
INDEX = """\
male 2-4 x 146 150 155 166 175 182 186 192
male 4-6 140 145 147 152 160 174 179 185 218
male 6-8 135 141 146 148 161 177 200 210 222
male 8-10 140 143 148 155 172 196 219 232 268
male 10-12 152 154 160 167 190 250 266 296 333
male 12-14 161 167 173 181 203 248 275 284 328
male 14-16 162 170 185 195 216 276 323 350 381
male 16-18 169 177 181 201 237 279 305 332 360
male 18-20 174 187 195 204 236 279 323 327 369
male 20-30 189 199 216 233 270 311 342 361 396
male 30-40 212 227 233 249 278 330 356 380 425
male 40-50 222 233 241 257 289 335 358 392 450
male 50-60 216 230 241 255 290 333 366 389 446
male 60-70 212 227 239 252 283 321 341 360 399
male 70-80 216 229 239 256 288 323 346 365 392
male 80-90 211 228 242 246 272 302 321 326 348
female 2-4 x 142 144 151 161 174 181 184 191
female 4-6 136 141 143 148 156 168 185 199 213
female 6-8 135 140 142 149 159 179 207 219 230
female 8-10 138 145 149 154 177 207 225 250 268
female 10-12 150 159 163 168 194 240 251 274 292
female 12-14 166 172 179 188 214 249 266 283 323
female 14-16 x 179 188 197 222 273 302 334 374
female 16-18 179 181 190 200 226 276 303 333 364
female 18-20 173 181 189 208 247 301 330 349 414
female 20-30 186 199 210 222 255 316 366 397 456
female 30-40 197 213 223 242 286 352 404 421 474
female 40-50 197 219 230 246 285 351 388 410 456
female 50-60 208 223 234 249 300 365 402 424 459
female 60-70 200 220 231 248 288 345 379 400 425
female 70-80 207 220 232 247 280 334 365 383 422
female 80-90 192 211 220 236 269 313 333 347 363
"""


@pytest.fixture(scope="module", params=["us_adults", "us_children"])
def drawn(request: pytest.FixtureRequest) -> tuple[str, Sizes]:
    people = KNOWN.populations[request.param]
    return request.param, draw_sizes(people, np.random.default_rng(1), N)


def errors(printed: str, name: str, sizes: Sizes, values: np.ndarray) -> np.ndarray:
    """ln(sampled / printed) of every percentile of every group inside the population's ages."""
    low, high = (2, 18) if name == "us_children" else (20, 80)
    found: list[float] = []
    for line in printed.splitlines():
        sex, ages, *row = line.split()
        start, end = (float(age) for age in ages.split("-"))
        if start < low or end > high:
            continue
        here = (
            (sizes.female == (sex == "female")) & (start <= sizes.age_year) & (sizes.age_year < end)
        )
        sampled = np.percentile(values[here], PERCENT)
        found += [
            float(np.log(own / (float(text) / 10.0)))
            for own, text in zip(sampled, row, strict=True)
            if text != "x"
        ]
    assert len(found) > 100
    return np.array(found)


@pytest.mark.parametrize(
    ("printed", "measure", "mean_square", "largest"),
    [
        (HEIGHT, "height_cm", 0.007, 0.02),
        (WEIGHT, "weight_kg", 0.03, 0.085),
        (INDEX, "index", 0.035, 0.1),
    ],
)
def test_percentiles_are_the_printed_ones(
    drawn: tuple[str, Sizes], printed: str, measure: str, mean_square: float, largest: float
) -> None:
    """Root mean square and largest difference; a group of 140 people is itself no surer."""
    name, sizes = drawn
    index = sizes.weight_kg / (sizes.height_cm / 100.0) ** 2
    values = {"height_cm": sizes.height_cm, "weight_kg": sizes.weight_kg, "index": index}[measure]
    off = errors(printed, name, sizes, values)
    assert np.sqrt(np.mean(off**2)) < mean_square
    assert np.abs(off).max() < largest


def test_without_correlation_the_index_would_not_fit(drawn: tuple[str, Sizes]) -> None:
    """Heights of other people of the same sex and age: the index spreads too far."""
    name, sizes = drawn
    order = np.lexsort((sizes.age_year, sizes.female))
    height_cm = sizes.height_cm.copy()
    height_cm[order] = np.roll(sizes.height_cm[order], 3)
    off = errors(INDEX, name, sizes, sizes.weight_kg / (height_cm / 100.0) ** 2)
    assert np.sqrt(np.mean(off**2)) > 0.035


def test_ages_and_sexes_are_spread_as_said(drawn: tuple[str, Sizes]) -> None:
    name, sizes = drawn
    people = KNOWN.populations[name]
    low, high = people.age_year_low.value, people.age_year_high.value
    assert sizes.age_year.min() >= low
    assert sizes.age_year.max() < high
    assert sizes.age_year.mean() == pytest.approx((low + high) / 2, abs=0.01 * (high - low))
    assert sizes.female.mean() == pytest.approx(0.5, abs=0.005)
    assert np.isfinite(sizes.weight_kg).all()
    assert sizes.weight_kg.min() > 8
    assert sizes.weight_kg.max() < 260


def test_small_children_grow() -> None:
    sizes = draw_sizes(KNOWN.populations["us_children"], np.random.default_rng(2), N)
    medians = [
        np.median(sizes.height_cm[np.abs(sizes.age_year - age) < 0.25])
        for age in (2.25, 3, 4, 5, 6, 8, 10, 12, 14)
    ]
    assert (np.diff(medians) > 0).all()
    assert medians[0] == pytest.approx(
        88.6, abs=1.5
    )  # CDC 2000 growth charts at 27 months: 88.4 to 89.2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"height_cm": [100.0]}, "a number for each"),
        ({"age_year": [5.0, 3.0]}, "rise"),
        ({"weight_kg": [14.0, 0.0]}, "above 0"),
        ({"correlation_fraction": [0.5, 1.0]}, "between -1 and 1"),
    ],
)
def test_a_table_that_cannot_be_is_refused(change: dict[str, list[float]], words: str) -> None:
    table = {
        "age_year": [3.0, 5.0],
        "height_cm": [95.0, 110.0],
        "height_cv_percent": [4.0, 4.0],
        "weight_kg": [14.0, 19.0],
        "weight_cv_percent": [11.0, 15.0],
        "correlation_fraction": [0.7, 0.7],
    }
    with pytest.raises(DecodeError, match=words):
        decode(table | change, SizeByAge)


def test_the_same_stream_gives_the_same_people() -> None:
    people: ReferencePopulation = KNOWN.populations["us_children"]
    one, two = (draw_sizes(people, np.random.default_rng(5), 100) for _ in range(2))
    np.testing.assert_array_equal(one.weight_kg, two.weight_kg)
    np.testing.assert_array_equal(one.height_cm, two.height_cm)
