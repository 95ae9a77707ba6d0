#include "services/classification/domain/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace veche::classification {
namespace {

constexpr double kZ = 1.959964;  // of a 95 % interval
constexpr double kEnough = 20;   // e-value that chance reaches with a probability of 5 %

// The smallest e-value when the cases of any one person are left out, for the new or the old model.
double LeastEvidence(const PairsByPerson& pairs, const Pairs& all, bool for_new) {
  double least = pairs.size() < 2 ? 1 : std::numeric_limits<double>::infinity();
  for (const auto& [person, own] : pairs) {
    const int64_t gained = all.gained - own.gained;
    const int64_t lost = all.lost - own.lost;
    least = std::min(least, for_new ? EvidenceFor(gained, lost) : EvidenceFor(lost, gained));
  }
  return least;
}

Interval DifferenceOf(const Pairs& pairs) {
  if (pairs.of <= 0) return {0, -1, 1};
  const auto n = static_cast<double>(pairs.of) + 2;
  const double gained = static_cast<double>(pairs.gained) + 0.5;
  const double lost = static_cast<double>(pairs.lost) + 0.5;
  const double middle = (gained - lost) / n;
  const double half = kZ / n * std::sqrt(gained + lost - (gained - lost) * (gained - lost) / n);
  return {static_cast<double>(pairs.gained - pairs.lost) / static_cast<double>(pairs.of),
          std::max(-1.0, middle - half), std::min(1.0, middle + half)};
}

int64_t Total(const std::map<std::string, int64_t>& counts) {
  int64_t total = 0;
  for (const auto& [name, count] : counts) total += count;
  return total;
}

}  // namespace

Interval Wilson(int64_t right, int64_t of) {
  if (of <= 0) return {};
  const auto n = static_cast<double>(of);
  const double share = static_cast<double>(right) / n;
  const double scale = 1 + kZ * kZ / n;
  const double middle = (share + kZ * kZ / (2 * n)) / scale;
  const double half = kZ / scale * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  return {share, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

// The closed form with g gained and l lost:
// sum over k = 0..g of C(g + l + 1, k) / C(g + l + 1, g), divided by l + 1.
double EvidenceFor(int64_t gained, int64_t lost) {
  constexpr double kPlenty = 1e12;  // far above every threshold
  double term = 1;
  double sum = 1;
  for (int64_t i = 0; i < gained && sum < kPlenty * static_cast<double>(lost + 1); ++i) {
    const double ratio = static_cast<double>(gained - i) / static_cast<double>(lost + 2 + i);
    term *= ratio;
    sum += term;
    if (ratio < 1 && term < 1e-12 * sum) break;
  }
  return sum / static_cast<double>(lost + 1);
}

PairedDifference Compare(const PairsByPerson& pairs) {
  Pairs all;
  PairsByPerson people;
  for (const auto& [person, own] : pairs) {
    all += own;
    if (own.of > 0) people.emplace(person, own);
  }
  const double for_new = LeastEvidence(people, all, true);
  const double for_old = LeastEvidence(people, all, false);
  PairedDifference result{.difference = DifferenceOf(all),
                          .people = static_cast<int64_t>(people.size())};
  result.p_value = std::min(1.0, 1 / (all.gained >= all.lost ? for_new : for_old));
  result.better = for_new >= kEnough && result.difference.low > 0;
  result.worse = for_old >= kEnough && result.difference.high < 0;
  return result;
}

double StabilityIndex(const std::map<std::string, int64_t>& expected,
                      const std::map<std::string, int64_t>& seen) {
  if (Total(expected) == 0 || Total(seen) == 0) return 0;
  std::set<std::string> names;
  for (const auto& [name, count] : expected) names.insert(name);
  for (const auto& [name, count] : seen) names.insert(name);
  const auto share = [&names](const std::map<std::string, int64_t>& counts,
                              const std::string& name) {
    const auto it = counts.find(name);
    const double count = it == counts.end() ? 0 : static_cast<double>(it->second);
    return (count + 0.5) /
           (static_cast<double>(Total(counts)) + 0.5 * static_cast<double>(names.size()));
  };
  double index = 0;
  for (const std::string& name : names) {
    const double was = share(expected, name);
    const double is = share(seen, name);
    index += (is - was) * std::log(is / was);
  }
  return index;
}

}  // namespace veche::classification
