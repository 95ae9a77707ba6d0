#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/classification/domain/decision.h"

// Which decisions a model is trained on. Pure. docs/experiments/learning-statistics.md says why.

namespace veche::classification {

// The cap: the largest weight that the decisions of one person may have, where `weights` are those
// of each person's decisions. It is `share` of the total weight after everybody is cut to the cap,
// including `base_weight`, the weight of the base examples. So thousands of decisions of one person
// do not raise the cap, and where few people decide, the base examples still give each a share.
double StaffCap(const std::map<std::string, double>& weights, double share, double base_weight);

// The decisions within everybody's cap: of each person the newest. Input and result are newest
// first.
std::vector<StaffDecision> CapStaff(std::vector<StaffDecision> decisions, double share,
                                    double base_weight);

// Adds a decision on the category of each merged appeal that has none: the category of the appeal
// that it was merged into, if that is known. Input and result are newest first.
std::vector<StaffDecision> WithMerges(std::vector<StaffDecision> categories,
                                      const std::vector<StaffDecision>& merges);

}  // namespace veche::classification
