# Trains a model that tells diabetic patients from others, and says how good it is.
#
#   python train-model-parameters.py --training_data diabetes.csv [--reg_rate 0.01]

import argparse
import os

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.model_selection import train_test_split

FEATURES = [
    "Pregnancies",
    "PlasmaGlucose",
    "DiastolicBloodPressure",
    "TricepsThickness",
    "SerumInsulin",
    "BMI",
    "DiabetesPedigree",
    "Age",
]
LABEL = "Diabetic"


def main(args):
    df = get_data(args.training_data)
    X_train, X_test, y_train, y_test = split_data(df)
    model = train_model(args.reg_rate, X_train, y_train)
    eval_model(model, X_test, y_test)


def get_data(path):
    """Reads the patients from a CSV file."""
    print("Reading data...")
    return pd.read_csv(path)


def split_data(df):
    """Keeps three patients of ten back, to test the model on."""
    print("Splitting data...")
    return train_test_split(
        df[FEATURES].values, df[LABEL].values, test_size=0.30, random_state=0
    )


def train_model(reg_rate, X_train, y_train):
    """A small regularization rate lets the model follow the data closely."""
    print("Training model...")
    return LogisticRegression(C=1 / reg_rate, solver="liblinear").fit(X_train, y_train)


def eval_model(model, X_test, y_test):
    """Prints accuracy and AUC, and draws the ROC curve into outputs/."""
    accuracy = np.average(model.predict(X_test) == y_test)
    print("Accuracy:", accuracy)

    scores = model.predict_proba(X_test)[:, 1]
    auc = roc_auc_score(y_test, scores)
    print("AUC:", auc)

    fpr, tpr, _ = roc_curve(y_test, scores)
    figure, axes = plt.subplots(figsize=(6, 4))
    axes.plot([0, 1], [0, 1], "k--", label="by chance")
    axes.plot(fpr, tpr, label=f"model, AUC {auc:.2f}")
    axes.set(title="ROC curve", xlabel="False positive rate", ylabel="True positive rate")
    axes.legend(loc="lower right")
    os.makedirs("outputs", exist_ok=True)
    figure.savefig(os.path.join("outputs", "roc-curve.png"))


def parse_args():
    parser = argparse.ArgumentParser(description="Train a model on the diabetes data")
    parser.add_argument(
        "--training_data", dest="training_data", type=str, help="CSV file of patients"
    )
    parser.add_argument(
        "--reg_rate", dest="reg_rate", type=float, default=0.01, help="regularization rate"
    )
    return parser.parse_args()


if __name__ == "__main__":
    # Stars make it easy to find in a long log where the script begins and ends.
    print("\n" + "*" * 60)
    main(parse_args())
    print("*" * 60 + "\n")
