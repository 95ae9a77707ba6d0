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

// Cuts a text into passages of 12 to 24 words that end with a sentence if possible.
std::vector<Passage> CutIntoPassages(const WordScan& scan);

// Overlapping passages of whole sentences, of 14 words or more if possible and at most 40. Each
// begins in the middle of the previous one, so that two neighbouring short sentences are together
// in one of them. A text of up to 32 words is one passage.
std::vector<Passage> OverlappingPassages(const WordScan& scan);

}  // namespace veche::classification
