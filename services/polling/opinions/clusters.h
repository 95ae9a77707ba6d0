#pragma once

#include <vector>

#include "absl/types/span.h"

// k-means in the plane. Pure; the result depends on the order of the points only where two choices
// are exactly equal.

namespace veche::polling::opinions {

struct WeightedPoint {
  double x = 0;
  double y = 0;
  double weight = 1;  // how many people stand here
};

struct Clustering {
  std::vector<int> clusters;   // by point: 0 … k−1
  std::vector<double> xs, ys;  // centres
  double inertia = 0;          // the weighted sum of squared distances to the centres
};

// Clusterings into 1, 2, …, `most` clusters (fewer if there are fewer distinct points). Each starts
// from the one before, with a new centre at the point that lowers the inertia most ("fast global
// k-means", Likas, Vlassis and Verbeek 2003), and is refined by Lloyd's iterations and by moving
// single centres.
std::vector<Clustering> ClusterUpTo(absl::Span<const WeightedPoint> points, int most);

// The mean silhouette (Rousseeuw 1987) of each clustering by weight; 0 for a single cluster.
std::vector<double> Silhouettes(absl::Span<const WeightedPoint> points,
                                absl::Span<const Clustering> clusterings);

}  // namespace veche::polling::opinions
