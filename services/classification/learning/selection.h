#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/classification/learning/decision.h"

// Which decisions a model is trained on. Pure.

namespace veche::classification {

// The most weight that one person's decisions may have when each has `weights` of them: `share` of
// all the weight that is then left, or `at_least`, whichever is more. So a few people who decide
// nearly everything, or one who decides wrongly by the thousand, cannot own the model.
double StaffCap(const std::map<std::string, double>& weights, double share, double at_least);

// Of decisions, newest first, those that everybody's cap leaves room for: the newest of each.
std::vector<Decided> CapStaff(std::vector<Decided> decisions, double share, double at_least);

// A repeat is about what the appeal is about that it was merged into: adds a decision on its
// category where that is known and the repeat has none of its own. All newest first.
std::vector<Decided> WithMerges(std::vector<Decided> categories,
                                const std::vector<Decided>& merges);

}  // namespace veche::classification
