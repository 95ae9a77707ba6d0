#pragma once

#include <cstdint>
#include <map>
#include <string>

// The few statistics by which models are compared and watched. Pure.

namespace veche::classification {

// A share with its 95 % interval.
struct Interval {
  double value = 0;
  double low = 0;
  double high = 1;
};

// Wilson's score interval; it holds for few cases and for shares near 0 and 1 (Wilson 1927).
Interval Wilson(int64_t right, int64_t of);

// How two models did on the same cases.
struct Pairs {
  bool operator==(const Pairs&) const = default;
  int64_t of = 0;
  int64_t gained = 0;  // the new one alone was right
  int64_t lost = 0;    // the old one alone was right

  Pairs operator+(const Pairs& other) const {
    return {of + other.of, gained + other.gained, lost + other.lost};
  }
};

struct PairedDifference {
  Interval difference;  // new minus old, -1..1
  double p_value = 1;
  bool better = false;  // the new one, beyond chance
  bool worse = false;
};

// The interval is Agresti's and Min's for matched pairs (half a case added to each cell; 2005);
// the p-value McNemar's exact two-sided one. Better means both: the interval above zero and p below
// 0.05, for with a handful of cases the interval alone is too bold.
PairedDifference Compare(const Pairs& pairs);

// Population stability index of a mix against the one that was expected: 0 equal, above 0.25 by
// custom a shift to act on. Every category has half a case added on both sides, so one that is new
// counts and does not make it infinite. 0 when either is empty.
double StabilityIndex(const std::map<std::string, int64_t>& expected,
                      const std::map<std::string, int64_t>& seen);

}  // namespace veche::classification
