#include "services/polling/opinions/components.h"

#include <Eigen/Dense>
#include <cmath>

namespace veche::polling::opinions {
namespace {

// The sums of products of deviations from the means; a missing vote deviates by zero.
Eigen::MatrixXd Deviations(const VoteMatrix& matrix, absl::Span<const int> order,
                           const std::vector<double>& means) {
  const auto size = static_cast<Eigen::Index>(order.size());
  Eigen::MatrixXd products(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    const int a = order[i];
    products(i, i) = matrix.squares(a) - means[a] * matrix.sum(a);
    for (Eigen::Index j = 0; j < i; ++j) {
      const int b = order[j];
      const VoteMatrix::PairSums sums = matrix.Pair(a, b);
      products(i, j) = products(j, i) = sums.product - means[b] * sums.first -
                                        means[a] * sums.second + means[a] * means[b] * sums.count;
    }
  }
  return products;
}

}  // namespace

Components PrincipalComponents(const VoteMatrix& matrix, absl::Span<const int> order) {
  Components components;
  components.means.resize(order.size());
  for (const int i : order) {
    if (matrix.count(i) > 0) components.means[i] = double(matrix.sum(i)) / matrix.count(i);
  }
  for (std::vector<double>& axis : components.axes) axis.resize(order.size());
  if (order.empty()) return components;

  // Eigenvalues ascend.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      Deviations(matrix, order, components.means));
  const auto size = static_cast<Eigen::Index>(order.size());
  const double least = 1e-9 * std::max(1.0, solver.eigenvalues()[size - 1]);
  for (Eigen::Index axis = 0; axis < 2 && axis < size; ++axis) {
    if (solver.eigenvalues()[size - 1 - axis] < least) break;
    const auto vector = solver.eigenvectors().col(size - 1 - axis);
    Eigen::Index largest = 0;
    // Rounding must not choose between coefficients of equal size.
    for (Eigen::Index i = 1; i < size; ++i) {
      if (std::abs(vector[i]) > std::abs(vector[largest]) + 1e-9) largest = i;
    }
    const double sign = vector[largest] < 0 ? -1 : 1;
    for (Eigen::Index i = 0; i < size; ++i) components.axes[axis][order[i]] = sign * vector[i];
  }
  return components;
}

}  // namespace veche::polling::opinions
