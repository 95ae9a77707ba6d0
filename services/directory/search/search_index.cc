#include "services/directory/search/search_index.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "common/text/normalize.h"
#include "common/text/stem.h"
#include "common/text/tokenize.h"
#include "common/text/utf8.h"
#include "services/directory/search/spelling.h"

namespace veche::directory {
namespace {

constexpr size_t kMostQueryWords = 8;
constexpr size_t kMostFieldWords = 400;

// How well a word of a document fits a word of the query.
constexpr float kSame = 1.0f;
constexpr float kInflected = 0.92f;
constexpr float kBegins = 0.8f;
constexpr float kOneTypo = 0.55f;
constexpr float kTwoTypos = 0.4f;
constexpr float kBeginsWithTypo = 0.35f;
constexpr float kOtherLayout = 0.9f;  // of the whole query, as a factor
constexpr float kPhone = 0.95f;
constexpr float kGoodEnough = 0.4f;  // a query that fits so well needs no other reading

constexpr double kNearMeters = 2000;

float QualityOf(const WordList::Match& match) {
  if (match.prefix) return kBeginsWithTypo / static_cast<float>(match.typos);
  return match.typos == 1 ? kOneTypo : kTwoTypos;
}

int MostTypos(size_t characters) { return characters >= 8 ? 2 : characters >= 4 ? 1 : 0; }

}  // namespace

struct SearchIndex::Word {
  std::string sound;
  std::string stem;  // its sound
  int most_typos = 0;
  bool last = false;  // it may still be being typed
};

// The sum of the words' best qualities and how many words were found, for each document.
struct SearchIndex::Scores {
  std::vector<float> sums;
  std::vector<uint8_t> found;
  size_t words = 0;  // of the query
  float best = 0;    // mean quality of the best document that has all words; 0: none has
};

// The words of all documents while the index is built. Few of them are distinct, so each is spelled
// and stemmed once.
class SearchIndex::Builder {
 public:
  void Add(uint32_t document, const SearchDocument::Field& field) {
    const auto tokens = text::Tokenize(field.text, kMostFieldWords);
    // A word of a short field says more.
    const float weight = field.weight / (1.0f + 0.03f * static_cast<float>(tokens.size()));
    for (const text::Token& token : tokens) {
      const auto [known, added] =
          numbers_.try_emplace(token.folded, static_cast<uint32_t>(sounds_.size()));
      if (added) {
        sounds_.push_back(SoundOf(token.folded).substr(0, WordList::kMostLetters));
        stems_.push_back(SoundOf(text::Stem(token.folded)));
      }
      found_.push_back({known->second, {document, weight}});
    }
  }

  // Sorted lists without repeats, with the documents of each entry.
  Postings TakeSounds(std::vector<std::string>& sorted) { return Take(sounds_, sorted); }
  Postings TakeStems(std::vector<std::string>& sorted) { return Take(stems_, sorted); }

 private:
  struct Found {
    uint32_t number = 0;  // of the word
    Posting posting;
  };

  // `spellings`: of each word by its number; "" for none.
  Postings Take(const std::vector<std::string>& spellings, std::vector<std::string>& sorted) const {
    sorted.assign(spellings.begin(), spellings.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    if (!sorted.empty() && sorted.front().empty()) sorted.erase(sorted.begin());
    std::vector<uint32_t> places;
    for (const std::string& spelling : spellings) {
      const auto place = std::lower_bound(sorted.begin(), sorted.end(), spelling);
      places.push_back(static_cast<uint32_t>(place - sorted.begin()));
    }
    std::vector<Found> found;
    for (const Found& one : found_) {
      if (!spellings[one.number].empty()) found.push_back({places[one.number], one.posting});
    }
    return Group(found, sorted.size());
  }

  static Postings Group(std::vector<Found>& found, size_t words) {
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
      return std::tie(a.number, a.posting.document) < std::tie(b.number, b.posting.document);
    });
    Postings postings;
    const Found* before = nullptr;
    for (const Found& one : found) {
      if (before == nullptr || before->number != one.number) {
        postings.begins.push_back(static_cast<uint32_t>(postings.list.size()));
      } else if (before->posting.document == one.posting.document) {
        float& weight = postings.list.back().weight;
        weight = std::max(weight, one.posting.weight);
        continue;
      }
      postings.list.push_back(one.posting);
      before = &one;
    }
    postings.begins.resize(words + 1, static_cast<uint32_t>(postings.list.size()));
    return postings;
  }

  absl::flat_hash_map<std::string, uint32_t> numbers_;  // of folded words
  std::vector<std::string> sounds_;
  std::vector<std::string> stems_;
  std::vector<Found> found_;
};

SearchIndex::SearchIndex(absl::Span<const SearchDocument> documents) : size_(documents.size()) {
  Builder builder;
  for (uint32_t document = 0; document < documents.size(); ++document) {
    for (const SearchDocument::Field& field : documents[document].fields) {
      builder.Add(document, field);
    }
    for (const std::string& phone : documents[document].phones) phones_.Add(document, phone);
  }
  std::vector<std::string> sounds;
  word_postings_ = builder.TakeSounds(sounds);
  words_ = WordList(sounds);
  std::vector<std::string> stems;
  stem_postings_ = builder.TakeStems(stems);
  for (uint32_t i = 0; i < stems.size(); ++i) stems_.emplace(std::move(stems[i]), i);
}

void SearchIndex::AddWords(const Postings& postings, WordList::Range words, float quality,
                           std::vector<float>& best) const {
  if (words.first >= words.last) return;
  const uint32_t end = postings.begins[words.last];
  for (uint32_t i = postings.begins[words.first]; i < end; ++i) {
    const Posting& posting = postings.list[i];
    best[posting.document] = std::max(best[posting.document], quality * posting.weight);
  }
}

// Fills `best` with each document's best quality for the word; false when no document has it.
bool SearchIndex::ScoreWord(const Word& word, Typos typos, std::vector<float>& best) const {
  const WordList::Range begins = words_.StartingWith(word.sound);
  bool fits = false;
  if (const auto stem = stems_.find(word.stem); stem != stems_.end()) {
    AddWords(stem_postings_, {stem->second, stem->second + 1}, kInflected, best);
    fits = true;
  }
  if (word.last && begins.first < begins.last) {
    AddWords(word_postings_, begins, kBegins, best);
    fits = true;
  }
  if (words_.Has(word.sound)) {
    AddWords(word_postings_, {begins.first, begins.first + 1}, kSame, best);
    fits = true;
  }
  if (typos == Typos::kNone || (fits && typos == Typos::kWhereNothingElseFits)) return fits;
  if (word.most_typos > 0) {
    words_.FindWithTypos(word.sound, word.most_typos, word.last, [&](const WordList::Match& match) {
      AddWords(word_postings_, match.words, QualityOf(match), best);
      fits = true;
    });
  }
  return fits;
}

SearchIndex::Scores SearchIndex::ScoreQuery(absl::string_view query, Typos typos) const {
  std::vector<text::Token> tokens = text::Tokenize(query, kMostQueryWords);
  const auto is_stop = [](const text::Token& token) { return text::IsStopWord(token.folded); };
  if (!std::all_of(tokens.begin(), tokens.end(), is_stop)) {
    tokens.erase(std::remove_if(tokens.begin(), tokens.end(), is_stop), tokens.end());
  }
  Scores scores{.sums = std::vector<float>(size_), .found = std::vector<uint8_t>(size_)};
  std::vector<float> best(size_);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const std::string& folded = tokens[i].folded;
    const Word word{.sound = SoundOf(folded).substr(0, WordList::kMostLetters),
                    .stem = SoundOf(text::Stem(folded)),
                    .most_typos = MostTypos(text::CountCharacters(folded)),
                    .last = i + 1 == tokens.size()};
    if (word.sound.empty()) continue;
    ++scores.words;
    std::fill(best.begin(), best.end(), 0.0f);
    if (!ScoreWord(word, typos, best)) continue;
    for (size_t document = 0; document < size_; ++document) {
      scores.sums[document] += best[document];
      scores.found[document] += best[document] > 0;
    }
  }
  for (size_t document = 0; document < size_ && scores.words > 0; ++document) {
    if (scores.found[document] < scores.words) continue;
    scores.best = std::max(scores.best, scores.sums[document] / static_cast<float>(scores.words));
  }
  return scores;
}

// The reading of the query that fits best: as typed or as typed with another layout, first without
// typos, which take most of the time.
SearchIndex::Scores SearchIndex::ScoreBest(absl::string_view query) const {
  const std::vector<std::string> meant = OtherLayouts(query);
  Scores best;
  for (const Typos typos : {Typos::kNone, Typos::kWhereNothingElseFits, Typos::kEverywhere}) {
    Scores scores = ScoreQuery(query, typos);
    if (best.sums.empty() || scores.best > best.best) best = std::move(scores);
    for (const std::string& other : meant) {
      if (best.best >= kGoodEnough) return best;
      scores = ScoreQuery(other, typos);
      scores.best *= kOtherLayout;
      if (scores.best > best.best) best = std::move(scores);
    }
    if (best.best > 0) return best;
  }
  return ScoreQuery(query, Typos::kWhereNothingElseFits);
}

std::vector<SearchIndex::Hit> SearchIndex::Search(absl::string_view query, size_t limit,
                                                  absl::FunctionRef<float(uint32_t)> weight) const {
  Scores scores = ScoreBest(query);
  if (const std::string digits = PhoneList::DigitsOf(query); !digits.empty()) {
    scores.words = std::max<size_t>(scores.words, 1);
    phones_.Find(digits, [&](uint32_t document, bool whole) {
      scores.sums[document] = std::max(scores.sums[document], whole ? 1.0f : kPhone);
      scores.found[document] = static_cast<uint8_t>(scores.words);
    });
  }
  const uint8_t most =
      scores.found.empty() ? 0 : *std::max_element(scores.found.begin(), scores.found.end());
  std::vector<Hit> hits;
  for (uint32_t document = 0; document < size_ && most > 0; ++document) {
    if (scores.found[document] < most) continue;
    const float score = scores.sums[document] / static_cast<float>(most) * weight(document);
    if (score > 0) hits.push_back({document, score});
  }
  const auto better = [](const Hit& a, const Hit& b) {
    return a.score != b.score ? a.score > b.score : a.document < b.document;
  };
  limit = std::min(limit, hits.size());
  std::partial_sort(hits.begin(), hits.begin() + static_cast<ptrdiff_t>(limit), hits.end(), better);
  hits.resize(limit);
  return hits;
}

float PlaceWeight(double distance_meters, bool open_now) {
  const double nearness = distance_meters < 0 ? 0 : std::exp(-distance_meters / kNearMeters);
  return static_cast<float>((1 + 0.5 * nearness) * (open_now ? 1.1 : 1.0));
}

}  // namespace veche::directory
