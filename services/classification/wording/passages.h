#pragma once

#include <cstddef>
#include <vector>

#include "services/classification/wording/word_scan.h"

namespace veche::classification {

// Words of a scan, from `first` to before `last`.
struct Passage {
  size_t first = 0;
  size_t last = 0;
};

// A text cut into passages of 12 to 24 words that end with sentences where they can.
std::vector<Passage> CutIntoPassages(const WordScan& scan);

// Passages of sentences, of at most 40 words and if possible 14 or more, each beginning in the
// middle of the one before, so that what two short sentences tell together is in one of them. A
// text of 32 words is one passage.
std::vector<Passage> OverlappingPassages(const WordScan& scan);

}  // namespace veche::classification
