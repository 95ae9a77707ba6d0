#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/directory/search/phone_list.h"
#include "services/directory/search/word_list.h"

namespace veche::directory {

// What can be found of one entry.
struct SearchDocument {
  struct Field {
    std::string text;
    float weight = 1;  // of a word found in this field: titles weigh 1, others less
  };
  std::vector<Field> fields;
  std::vector<std::string> phones;
};

// Search that forgives: inflections, typos (one in a word of 4 letters, two of 8), another keyboard
// layout, Latin letters for Cyrillic ones, the beginning of the last word, digits of a phone. Every
// word of the query must be found; if no document has them all, documents with most of them are.
// Immutable and thread-safe; a few milliseconds at 50,000 documents.
class SearchIndex {
 public:
  struct Hit {
    uint32_t document = 0;  // position in the constructor's list
    float score = 0;        // above 0; how well it matches, times its weight
  };

  SearchIndex() = default;
  explicit SearchIndex(absl::Span<const SearchDocument> documents);

  // The best `limit` documents, best first; of equal ones the first in the list first. `weight`
  // multiplies the score of a document that matches, for nearness or opening hours; 0 leaves the
  // document out.
  std::vector<Hit> Search(absl::string_view query, size_t limit,
                          absl::FunctionRef<float(uint32_t)> weight) const;

 private:
  struct Posting {
    uint32_t document = 0;
    float weight = 0;
  };
  // The documents of each of several words, one after the other.
  struct Postings {
    std::vector<uint32_t> begins;  // of each word, and the end
    std::vector<Posting> list;
  };
  class Builder;
  struct Word;    // of a query
  struct Scores;  // of all documents for a query
  enum class Typos { kNone, kWhereNothingElseFits, kEverywhere };

  void AddWords(const Postings& postings, WordList::Range words, float quality,
                std::vector<float>& best) const;
  bool ScoreWord(const Word& word, Typos typos, std::vector<float>& best) const;
  Scores ScoreQuery(absl::string_view query, Typos typos) const;
  Scores ScoreBest(absl::string_view query) const;

  size_t size_ = 0;
  WordList words_;  // by sound
  Postings word_postings_;
  absl::flat_hash_map<std::string, uint32_t> stems_;  // by sound
  Postings stem_postings_;
  PhoneList phones_;
};

// Nearness and opening hours beside the match: up to half as much again for a place near by, a
// tenth for an open one. A negative distance: no point to be near to.
float PlaceWeight(double distance_meters, bool open_now);

}  // namespace veche::directory
