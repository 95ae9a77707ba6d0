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

  Pairs& operator+=(const Pairs& other) {
    of += other.of;
    gained += other.gained;
    lost += other.lost;
    return *this;
  }
};

// The same by the name of the person who said what is right.
using PairsByPerson = std::map<std::string, Pairs>;

// How much the cases speak for the new model being better: an e-value. Whoever looks after every
// case, and for ever, sees it reach 1 / a with a probability of at most a while the new model is
// not better. It is the likelihood of the cases that one model alone was right on, averaged evenly
// over all chances above one half that it is the new one, against one half; under "not better" that
// is a supermartingale that begins at 1 (Ville 1939; mixtures: Robbins 1970; a survey: Ramdas,
// Grünwald, Vovk and Shafer, "Game-theoretic statistics and safe anytime-valid inference", 2023).
double EvidenceFor(int64_t gained, int64_t lost);

struct PairedDifference {
  Interval difference;  // new minus old, -1..1
  double p_value = 1;   // 1 / e-value of whichever is ahead; valid however often one looks
  int64_t people = 0;
  bool better = false;  // the new one, beyond chance and whoever is left out
  bool worse = false;
};

// Better means all three: the e-value without any one person's cases is at least 20, so that no
// look finds a model better by chance with more than 5 %, and nobody proves a model alone; and the
// interval of all cases lies above zero. Worse is the same the other way round. The interval is
// Agresti's and Min's for matched pairs (half a case added to each cell; 2005). With the cases of
// one person alone nothing is better or worse.
PairedDifference Compare(const PairsByPerson& pairs);

// Population stability index of a mix against the one that was expected: 0 equal, above 0.25 by
// custom a shift to act on. Every category has half a case added on both sides, so one that is new
// counts and does not make it infinite. 0 when either is empty.
double StabilityIndex(const std::map<std::string, int64_t>& expected,
                      const std::map<std::string, int64_t>& seen);

}  // namespace veche::classification
