#pragma once

#include <string>
#include <vector>

#include "common/triage/priority.h"
#include "services/appeals/domain/appeal.h"

namespace veche::appeals {

// The classifier's answer about a text. Empty when it could not be asked.
struct Suggestion {
  // A category that the text may be about.
  struct Candidate {
    std::string category;  // "categories/{id}"
    double probability = 0;
  };
  // A kind of department that such texts go to.
  struct Department {
    std::string kind;  // as the directory names it: "roads"
    double probability = 0;
  };

  std::string model;                    // version; "" without an answer
  std::vector<Candidate> candidates;    // the likeliest first
  std::vector<Department> departments;  // the likeliest first; empty while nothing was learned
  bool confident = false;               // the first candidate is sure enough to act on
  double sure_from = 0;  // the probability above which to act without a person; 0: not given
  std::string language;  // BCP 47
  std::string advice;    // what the resident should do at once
  std::vector<triage::Reason> reasons;  // of its priority
  Moderation moderation;
};

}  // namespace veche::appeals
