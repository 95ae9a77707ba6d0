#pragma once

#include <cstdint>
#include <map>
#include <string>

// The statistics by which models are compared and watched. Pure.

namespace veche::classification {

// `yes` of `of` cases.
struct Tally {
  bool operator==(const Tally&) const = default;
  int64_t yes = 0;
  int64_t of = 0;
};

// A share, or a difference of shares, with its 95 % confidence interval.
struct Interval {
  double value = 0;
  double low = 0;
  double high = 1;
};

// Wilson's score interval of right / of; valid for few cases and for shares near 0 and 1 (Wilson
// 1927). From 0 to 1 without cases.
Interval Wilson(int64_t right, int64_t of);

// How two models answered the same cases: matched pairs.
struct Pairs {
  bool operator==(const Pairs&) const = default;
  int64_t of = 0;      // cases
  int64_t gained = 0;  // cases in which only the new model was right
  int64_t lost = 0;    // cases in which only the old model was right

  Pairs& operator+=(const Pairs& other) {
    of += other.of;
    gained += other.gained;
    lost += other.lost;
    return *this;
  }
};

// Pairs by the person whose decision is the right answer: "staff/{id}".
using PairsByPerson = std::map<std::string, Pairs>;

// The e-value of "the new model is better": if it is not, the probability that the e-value ever
// reaches 1 / a is at most a, however often one looks. docs/experiments/learning-statistics.md has
// the derivation.
double EvidenceFor(int64_t gained, int64_t lost);

struct PairedDifference {
  Interval difference;  // accuracy of the new model minus that of the old, -1..1
  double p_value = 1;   // 1 / e-value for the model that is ahead; valid however often one looks
  int64_t people = 0;   // with at least one case
  bool better = false;  // the new model is better beyond chance
  bool worse = false;   // the old model is
};

// The new model is better when the 95 % interval of the difference lies above zero and the e-value
// is at least 20 even without the cases of any one person; so a model that is not better passes
// with a probability of at most 5 %, and no person decides alone. Worse is the mirror image. With
// cases of one person only, neither holds. The interval is that of Agresti and Min for matched
// pairs (2005).
PairedDifference Compare(const PairsByPerson& pairs);

// The population stability index of the counts `seen` against `expected`: 0 for equal mixes; above
// 0.25 is by custom a shift to act on. Half a case is added to every category on both sides, so
// that a new category counts and keeps the index finite. 0 when either is empty.
double StabilityIndex(const std::map<std::string, int64_t>& expected,
                      const std::map<std::string, int64_t>& seen);

}  // namespace veche::classification
