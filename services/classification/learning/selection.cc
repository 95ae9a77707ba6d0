#include "services/classification/learning/selection.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace veche::classification {

double StaffCap(const std::map<std::string, double>& weights, double share, double ground) {
  double largest = 0;
  for (const auto& [staff, weight] : weights) largest = std::max(largest, weight);
  // Cutting the busiest makes the whole smaller, and with it the cap, until both agree.
  double cap = largest;
  for (int round = 0; round < 1000; ++round) {
    double left = ground;
    for (const auto& [staff, weight] : weights) left += std::min(weight, cap);
    const double next = share * left;
    if (next >= cap - 1e-9) break;
    cap = next;
  }
  return cap;
}

std::vector<Decided> CapStaff(std::vector<Decided> decisions, double share, double ground) {
  std::map<std::string, double> weights;
  for (const Decided& decided : decisions) weights[decided.staff] += WeightOf(decided.decision);
  const double cap = StaffCap(weights, share, ground);
  std::map<std::string, double> taken;
  std::erase_if(decisions, [&](const Decided& decided) {
    const double weight = WeightOf(decided.decision);
    double& of_staff = taken[decided.staff];
    if (of_staff + weight > cap + 1e-9) return true;
    of_staff += weight;
    return false;
  });
  return decisions;
}

std::vector<Decided> WithMerges(std::vector<Decided> categories,
                                const std::vector<Decided>& merges) {
  absl::flat_hash_map<std::string, std::string> label_of;
  for (const Decided& decided : categories) label_of.emplace(decided.appeal, decided.label);
  for (const Decided& merge : merges) {
    const auto target = label_of.find(merge.label);
    if (target == label_of.end() || label_of.contains(merge.appeal)) continue;
    Decided decided = merge;
    decided.kind = LabelKind::kCategory;
    decided.label = target->second;
    categories.push_back(std::move(decided));
  }
  std::stable_sort(categories.begin(), categories.end(),
                   [](const Decided& a, const Decided& b) { return a.time > b.time; });
  return categories;
}

}  // namespace veche::classification
