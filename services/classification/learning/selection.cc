#include "services/classification/learning/selection.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace veche::classification {

double StaffCap(const std::map<std::string, double>& weights, double share, double base_weight) {
  double largest = 0;
  for (const auto& [staff, weight] : weights) largest = std::max(largest, weight);
  // Cutting the largest weights to the cap lowers the total and so the cap; repeat until it is
  // stable.
  double cap = largest;
  for (int round = 0; round < 1000; ++round) {
    double left = base_weight;
    for (const auto& [staff, weight] : weights) left += std::min(weight, cap);
    const double next = share * left;
    if (next >= cap - 1e-9) break;
    cap = next;
  }
  return cap;
}

std::vector<StaffDecision> CapStaff(std::vector<StaffDecision> decisions, double share,
                                    double base_weight) {
  std::map<std::string, double> weights;
  for (const StaffDecision& decided : decisions)
    weights[decided.staff] += WeightOf(decided.decision);
  const double cap = StaffCap(weights, share, base_weight);
  std::map<std::string, double> taken;
  std::erase_if(decisions, [&](const StaffDecision& decided) {
    const double weight = WeightOf(decided.decision);
    double& of_staff = taken[decided.staff];
    if (of_staff + weight > cap + 1e-9) return true;
    of_staff += weight;
    return false;
  });
  return decisions;
}

std::vector<StaffDecision> WithMerges(std::vector<StaffDecision> categories,
                                      const std::vector<StaffDecision>& merges) {
  absl::flat_hash_map<std::string, std::string> label_of;
  for (const StaffDecision& decided : categories) label_of.emplace(decided.appeal, decided.label);
  for (const StaffDecision& merge : merges) {
    const auto target = label_of.find(merge.label);
    if (target == label_of.end() || label_of.contains(merge.appeal)) continue;
    StaffDecision decided = merge;
    decided.kind = LabelKind::kCategory;
    decided.label = target->second;
    categories.push_back(std::move(decided));
  }
  std::stable_sort(categories.begin(), categories.end(),
                   [](const StaffDecision& a, const StaffDecision& b) { return a.time > b.time; });
  return categories;
}

}  // namespace veche::classification
