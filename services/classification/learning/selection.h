#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/classification/learning/decision.h"

// Which decisions a model is trained on. Pure.

namespace veche::classification {

// The most weight that one person's decisions may have when each has `weights` of them: `share` of
// all the weight that is then left, with that of the `ground` that no person decided. So neither a
// few people who decide nearly everything nor one who decides wrongly by the thousand can own the
// model, and where two or three decide, each still has a share of a ground that is never empty.
double StaffCap(const std::map<std::string, double>& weights, double share, double ground);

// Of decisions, newest first, those that everybody's cap leaves room for: the newest of each.
std::vector<Decided> CapStaff(std::vector<Decided> decisions, double share, double ground);

// A repeat is about what the appeal is about that it was merged into: adds a decision on its
// category where that is known and the repeat has none of its own. All newest first.
std::vector<Decided> WithMerges(std::vector<Decided> categories,
                                const std::vector<Decided>& merges);

}  // namespace veche::classification
