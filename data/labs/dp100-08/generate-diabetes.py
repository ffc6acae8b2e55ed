#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes src/diabetes.csv: patients who never lived.

No line is taken from, or fitted to, anybody's records. Each measurement is drawn from a
distribution that looks plausible, and whether a patient is diabetic is drawn with a chance that
rises with some of them. The strength of that link is set so that a logistic regression reaches an
area under the ROC curve of about 0.85.

The same seed gives the same bytes: RandomState is frozen by NumPy's compatibility policy.

    generate-diabetes.py > src/diabetes.csv
"""

import sys

import numpy as np

PATIENTS = 10000
SEED = 20260808
COLUMNS = (
    "PatientID",
    "Pregnancies",
    "PlasmaGlucose",
    "DiastolicBloodPressure",
    "TricepsThickness",
    "SerumInsulin",
    "BMI",
    "DiabetesPedigree",
    "Age",
    "Diabetic",
)

# What the chance of being diabetic depends on, per standard deviation of each measurement.
WEIGHTS = {
    "Pregnancies": 0.70,
    "PlasmaGlucose": 0.75,
    "DiastolicBloodPressure": 0.15,
    "TricepsThickness": 0.10,
    "SerumInsulin": 0.42,
    "BMI": 0.72,
    "DiabetesPedigree": 0.40,
    "Age": 0.68,
}
BASE = -1.00


def whole(values, low, high):
    """Whole numbers, kept between two limits."""
    return np.clip(np.rint(values), low, high).astype(int)


def draw_measurements(random):
    """Eight measurements a patient, some of them related to each other."""
    build = random.normal(size=PATIENTS)
    sugar = random.normal(size=PATIENTS)
    age = whole(21 + random.gamma(1.2, 10.0, PATIENTS), 21, 80)
    return {
        "Pregnancies": whole(random.poisson(0.4 + (age - 21) / 11.0), 0, 14),
        "PlasmaGlucose": whole(108 + 30 * sugar, 44, 199),
        "DiastolicBloodPressure": whole(71 + 5 * build + 15 * random.normal(size=PATIENTS), 24, 117),
        "TricepsThickness": whole(29 + 8 * build + 10 * random.normal(size=PATIENTS), 7, 93),
        "SerumInsulin": whole(np.exp(4.6 + 0.25 * sugar + 0.6 * random.normal(size=PATIENTS)), 14, 799),
        "BMI": np.round(np.clip(31.5 + 7.5 * build + 4 * random.normal(size=PATIENTS), 18, 57), 2),
        "DiabetesPedigree": np.round(0.078 + random.gamma(1.6, 0.2, PATIENTS), 3),
        "Age": age,
    }


def draw_diabetic(random, measurements):
    """1 for a patient who is diabetic."""
    score = np.full(PATIENTS, BASE)
    for name, weight in WEIGHTS.items():
        values = measurements[name]
        score += weight * (values - values.mean()) / values.std()
    return (random.uniform(size=PATIENTS) < 1 / (1 + np.exp(-score))).astype(int)


def main():
    random = np.random.RandomState(SEED)
    columns = draw_measurements(random)
    columns["Diabetic"] = draw_diabetic(random, columns)
    columns["PatientID"] = 1000000 + random.choice(1000000, PATIENTS, replace=False)
    lines = [",".join(COLUMNS)]
    for row in zip(*(columns[name].tolist() for name in COLUMNS)):
        lines.append(",".join(str(value) for value in row))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
