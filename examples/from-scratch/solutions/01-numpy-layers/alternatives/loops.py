import math
import numpy as np

def affine(x, weight, bias):
    N, D = x.shape
    M = weight.shape[1]
    y = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            s = bias[m]
            for d in range(D):
                s += x[n, d] * weight[d, m]
            y[n, m] = s
    return y

def affine_backward(grad, x, weight):
    N, D = x.shape
    M = weight.shape[1]
    dx, dw, db = np.zeros((N, D)), np.zeros((D, M)), np.zeros(M)
    for n in range(N):
        for m in range(M):
            g = grad[n, m]
            db[m] += g
            for d in range(D):
                dx[n, d] += g * weight[d, m]
                dw[d, m] += g * x[n, d]
    return dx, dw, db

def relu_backward(grad, x):
    flat = [g if v > 0 else 0.0 for g, v in zip(grad.ravel(), x.ravel())]
    return np.array(flat).reshape(x.shape)

def softmax(logits):
    rows = []
    for row in logits.tolist():
        top = max(row)
        powers = [math.exp(v - top) for v in row]
        rows.append([p / sum(powers) for p in powers])
    return np.array(rows)

def cross_entropy(logits, labels):
    loss = 0.0
    grad = softmax(logits)
    for i, label in enumerate(labels):
        row = logits[i]
        top = row.max()
        loss += top + math.log(sum(math.exp(v - top) for v in row)) - row[label]
        grad[i, label] -= 1
    return loss / len(labels), grad / len(labels)
