#include "services/classification/learning/statistics.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace veche::classification {
namespace {

constexpr double kZ = 1.959964;  // of a 95 % interval
constexpr double kSignificant = 0.05;

// Twice the lower tail of a fair coin's binomial.
double ExactTwoSided(int64_t gained, int64_t lost) {
  const int64_t n = gained + lost;
  if (n == 0) return 1;
  const auto of = static_cast<double>(n);
  double tail = 0;
  for (int64_t k = 0; k <= std::min(gained, lost); ++k) {
    const auto at = static_cast<double>(k);
    tail += std::exp(std::lgamma(of + 1) - std::lgamma(at + 1) - std::lgamma(of - at + 1) -
                     of * std::log(2.0));
  }
  return std::min(1.0, 2 * tail);
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

PairedDifference Compare(const Pairs& pairs) {
  PairedDifference result;
  if (pairs.of <= 0) return {.difference = {0, -1, 1}};
  const auto n = static_cast<double>(pairs.of) + 2;
  const double gained = static_cast<double>(pairs.gained) + 0.5;
  const double lost = static_cast<double>(pairs.lost) + 0.5;
  const double middle = (gained - lost) / n;
  const double half = kZ / n * std::sqrt(gained + lost - (gained - lost) * (gained - lost) / n);
  result.difference = {
      static_cast<double>(pairs.gained - pairs.lost) / static_cast<double>(pairs.of),
      std::max(-1.0, middle - half), std::min(1.0, middle + half)};
  result.p_value = ExactTwoSided(pairs.gained, pairs.lost);
  const bool sure = result.p_value < kSignificant;
  result.better = sure && result.difference.low > 0;
  result.worse = sure && result.difference.high < 0;
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
