#!/usr/bin/env python
# coding: utf-8

# # Train a classification model
# 
# Ten thousand patients, eight measurements each, and the question whether a patient is diabetic. You train a model that answers it, and find out how often it is right.
# 
# Run the cells one after the other, from top to bottom.

# ## Read the data
# 
# The file `diabetes.csv` lies beside this notebook. Each line is one patient; the last column, **Diabetic**, is what the model has to learn. The patients are made up: nobody's records are in the file.

# In[1]:


import pandas as pd

print("Reading data...")
df = pd.read_csv("diabetes.csv")
df.head()


# How many patients of each kind are there?

# In[2]:


df["Diabetic"].value_counts()


# ## Split the data
# 
# A model must be judged on patients it has not seen. So three of ten are kept back for the test. `random_state` makes the draw the same each time.

# In[3]:


from sklearn.model_selection import train_test_split

features = ["Pregnancies", "PlasmaGlucose", "DiastolicBloodPressure", "TricepsThickness",
            "SerumInsulin", "BMI", "DiabetesPedigree", "Age"]

print("Splitting data...")
X_train, X_test, y_train, y_test = train_test_split(
    df[features].values, df["Diabetic"].values, test_size=0.30, random_state=0
)


# ## Train the model
# 
# *Logistic regression* turns the measurements into a chance between 0 and 1. The regularization rate holds it back from learning the training patients by heart; it is the one number that you may want to change.

# In[4]:


from sklearn.linear_model import LogisticRegression

reg_rate = 0.01

print("Training model...")
model = LogisticRegression(C=1 / reg_rate, solver="liblinear").fit(X_train, y_train)


# ## Evaluate the model
# 
# - **Accuracy** is the share of test patients for whom the model is right.
# - **AUC** is the area under the ROC curve: 1.0 for a model that is never wrong, 0.5 for one that guesses.

# In[5]:


import numpy as np

accuracy = np.average(model.predict(X_test) == y_test)
print("Accuracy:", accuracy)


# In[6]:


from sklearn.metrics import roc_auc_score

scores = model.predict_proba(X_test)[:, 1]
auc = roc_auc_score(y_test, scores)
print("AUC:", auc)


# The ROC curve shows both sides of the bargain: how many diabetic patients are found, and how many others are frightened for nothing.

# In[7]:


import matplotlib.pyplot as plt
from sklearn.metrics import roc_curve

fpr, tpr, thresholds = roc_curve(y_test, scores)

figure, axes = plt.subplots(figsize=(6, 4))
axes.plot([0, 1], [0, 1], "k--", label="by chance")
axes.plot(fpr, tpr, label=f"model, AUC {auc:.2f}")
axes.set(title="ROC curve", xlabel="False positive rate", ylabel="True positive rate")
axes.legend(loc="lower right")
plt.show()

