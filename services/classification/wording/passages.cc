#include "services/classification/wording/passages.h"

#include <algorithm>

namespace veche::classification {
namespace {

// A passage that is cut ends with the sentence after so many words, or after so many in any case.
constexpr size_t kPassage = 12;
constexpr size_t kLongestPassage = 24;

constexpr size_t kFewest = 14;  // words of one that overlaps others, where there are as many
constexpr size_t kUsual = 32;
constexpr size_t kMost = 40;

bool SentenceEnds(const WordScan& scan, size_t end) {
  return end == scan.words.size() || scan.words[end].sentence != scan.words[end - 1].sentence;
}

// The starts of sentences, or of parts of long ones; the last entry is the end of the text.
std::vector<size_t> Borders(const WordScan& scan) {
  std::vector<size_t> borders = {0};
  for (size_t end = 1; end <= scan.words.size(); ++end) {
    if (SentenceEnds(scan, end) || end - borders.back() == kUsual) borders.push_back(end);
  }
  return borders;
}

}  // namespace

std::vector<Passage> CutIntoPassages(const WordScan& scan) {
  std::vector<Passage> passages;
  for (size_t first = 0; first < scan.words.size();) {
    size_t end = first;
    while (end < scan.words.size() && end - first < kLongestPassage) {
      ++end;
      if (SentenceEnds(scan, end) && end - first >= kPassage) break;
    }
    passages.push_back({first, end});
    first = end;
  }
  return passages;
}

std::vector<Passage> OverlappingPassages(const WordScan& scan) {
  const size_t words = scan.words.size();
  if (words == 0) return {};
  if (words <= kUsual) return {{0, words}};
  const std::vector<size_t> borders = Borders(scan);
  std::vector<Passage> passages;
  for (size_t from = 0; from + 1 < borders.size();) {
    size_t to = from + 1;
    while (to + 1 < borders.size()) {
      const size_t longer = borders[to + 1] - borders[from];
      const bool is_short = borders[to] - borders[from] < kFewest;
      if (longer > (is_short ? kMost : kUsual)) break;
      ++to;
    }
    passages.push_back({borders[from], borders[to]});
    if (to + 1 == borders.size()) break;
    from += std::max<size_t>(1, (to - from) / 2);
  }
  return passages;
}

}  // namespace veche::classification
