// Principal components against a slow reference: an imputed matrix and Jacobi's rotations.

#include "services/polling/opinions/components.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace veche::polling::opinions {
namespace {

using Matrix = std::vector<std::vector<double>>;

VoteMatrix RandomVotes(std::mt19937& random, int people, int statements) {
  VoteMatrix matrix;
  for (int j = 0; j < statements; ++j) matrix.AddStatement("s" + std::to_string(j));
  for (int i = 0; i < people; ++i) {
    matrix.AddPerson("p" + std::to_string(i));
    for (int j = 0; j < statements; ++j) {
      if (random() % 3 == 0) continue;
      const bool agree = random() % 10 < (i % 2 == j % 2 ? 8 : 3);
      matrix.Set(i, j, agree ? Opinion::kAgree : Opinion::kDisagree);
    }
  }
  return matrix;
}

// Deviations from the means, written out with missing votes as means.
Matrix SlowDeviations(const VoteMatrix& matrix) {
  const int size = matrix.statements();
  Matrix rows;
  for (int i = 0; i < matrix.people(); ++i) {
    std::vector<double> row(size);
    for (int j = 0; j < size; ++j) {
      const int vote = matrix.votes(i)[j];
      if (vote != VoteMatrix::kMissing) row[j] = vote - double(matrix.sum(j)) / matrix.count(j);
    }
    rows.push_back(row);
  }
  Matrix products(size, std::vector<double>(size));
  for (const auto& row : rows) {
    for (int a = 0; a < size; ++a) {
      for (int b = 0; b < size; ++b) products[a][b] += row[a] * row[b];
    }
  }
  return products;
}

// Eigenvalues and eigenvectors (rows of `vectors`) of a symmetric matrix, largest first.
void Jacobi(Matrix m, std::vector<double>& values, Matrix& vectors) {
  const size_t size = m.size();
  Matrix v(size, std::vector<double>(size));
  for (size_t i = 0; i < size; ++i) v[i][i] = 1;
  for (int sweep = 0; sweep < 60; ++sweep) {
    for (size_t p = 0; p < size; ++p) {
      for (size_t q = p + 1; q < size; ++q) {
        if (std::abs(m[p][q]) < 1e-14) continue;
        const double angle = 0.5 * std::atan2(2 * m[p][q], m[q][q] - m[p][p]);
        const double c = std::cos(angle), s = std::sin(angle);
        const auto rotate = [&](double& x, double& y) {
          const double old = x;
          x = c * old - s * y;
          y = s * old + c * y;
        };
        for (size_t k = 0; k < size; ++k) rotate(m[k][p], m[k][q]);
        for (size_t k = 0; k < size; ++k) rotate(m[p][k], m[q][k]);
        for (size_t k = 0; k < size; ++k) rotate(v[p][k], v[q][k]);
      }
    }
  }
  std::vector<size_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return m[a][a] > m[b][b]; });
  for (const size_t i : order) {
    values.push_back(m[i][i]);
    vectors.push_back(v[i]);
  }
}

TEST(ComponentsTest, EqualTheEigenvectorsOfTheImputedMatrix) {
  std::mt19937 random(3);
  int compared = 0;
  for (int round = 0; round < 30; ++round) {
    const int statements = 3 + static_cast<int>(random() % 8);
    const VoteMatrix matrix = RandomVotes(random, 40, statements);
    std::vector<int> order(statements);
    std::iota(order.begin(), order.end(), 0);
    const Components components = PrincipalComponents(matrix, order);
    std::vector<double> values;
    Matrix vectors;
    Jacobi(SlowDeviations(matrix), values, vectors);
    for (int axis = 0; axis < 2; ++axis) {
      if (values[axis] - values[axis + 1] < 1e-3) continue;  // any rotation is right
      ++compared;
      const double product = std::inner_product(vectors[axis].begin(), vectors[axis].end(),
                                                components.axes[axis].begin(), 0.0);
      EXPECT_NEAR(std::abs(product), 1, 1e-9);
      EXPECT_GT(
          *std::max_element(components.axes[axis].begin(), components.axes[axis].end()),
          -*std::min_element(components.axes[axis].begin(), components.axes[axis].end()) - 1e-6);
    }
  }
  EXPECT_GT(compared, 40);
}

TEST(ComponentsTest, NothingVariesWithoutVotesOrWithEqualVotes) {
  VoteMatrix matrix;
  EXPECT_TRUE(PrincipalComponents(matrix, {}).means.empty());
  matrix.AddStatement("s");
  matrix.AddStatement("t");
  for (int i = 0; i < 5; ++i) {
    matrix.Set(matrix.AddPerson(std::to_string(i)), 0, Opinion::kAgree);
  }
  const Components components = PrincipalComponents(matrix, {0, 1});
  EXPECT_EQ(components.means, (std::vector<double>{1, 0}));
  for (const auto& axis : components.axes) EXPECT_EQ(axis, (std::vector<double>{0, 0}));
}

}  // namespace
}  // namespace veche::polling::opinions
