#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/text/mask_words.h"
#include "common/text/name_words.h"

namespace veche::text {
namespace {

constexpr size_t kMaxNameWords = 3;
constexpr size_t kShortestPatronymic = 12;  // bytes, as folded

bool EndsWithAny(absl::string_view word, absl::Span<const absl::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](absl::string_view ending) { return absl::EndsWith(word, ending); });
}

// Finds the names of one text.
class NameFinder {
 public:
  NameFinder(const WordList& words, std::vector<PersonalSpan>& spans)
      : words_(words), spans_(spans) {
    for (const PersonalSpan& span : spans) {
      if (span.kind == Personal::kPhone) phones_.push_back(span);
    }
  }

  void Run() {
    for (size_t i = 0; i < words_.size(); ++i) {
      if (!words_[i].capital) continue;
      size_t end = AnnouncedName(i);
      if (end == 0) end = NameWithPatronymic(i);
      if (end == 0) end = NameWithInitials(i);
      if (end == 0) continue;
      spans_.push_back({words_[i].begin, words_[end - 1].end, Personal::kName});
      i = end - 1;
    }
    for (const PersonalSpan& phone : phones_) FindBeside(phone);
  }

 private:
  bool IsNobody(size_t i) const { return words_.IsOneOf(Nobody(), i); }
  bool IsCapital(size_t i) const { return i < words_.size() && words_[i].capital; }
  bool IsInitial(size_t i) const { return i < words_.size() && words_[i].initial; }
  bool IsSurname(size_t i) const { return EndsWithAny(words_.Folded(i), SurnameEndings()); }
  bool SpaceBefore(size_t i) const {
    return words_.GapBefore(i) == " " || words_.GapBefore(i) == "\xC2\xA0";
  }
  // «И.И.», «И. И.»: a full stop and perhaps a space.
  bool StopBefore(size_t i) const {
    const absl::string_view gap = words_.GapBefore(i);
    return gap == "." || gap == ". " || gap == ".\xC2\xA0";
  }

  // «ул. Ленина», «имени Горького», «школа Н. И. Лобачевского»: a place named after a person.
  bool IsPlace(size_t first) const {
    return first > 0 && words_.GapBefore(first).size() <= 3 && words_.IsOneOf(Places(), first - 1);
  }
  bool IsPhoneAt(size_t offset) const {
    const auto after = std::upper_bound(
        phones_.begin(), phones_.end(), offset,
        [](size_t place, const PersonalSpan& phone) { return place < phone.begin; });
    return after != phones_.begin() && offset < std::prev(after)->end;
  }
  // «Н. И. Лобачевского, 12», «… д. 5»: the name of a street.
  bool HouseFollows(size_t end) const {
    if (end >= words_.size() || words_.GapBefore(end).size() > 2) return false;
    if (words_[end].digit) return !IsPhoneAt(words_[end].begin);
    return words_.IsOneOf(Houses(), end);
  }

  // Each of the following returns the index of the word after the name that begins at word `i`, or
  // 0 when no name begins there.

  // After «меня зовут», «с уважением».
  size_t AnnouncedName(size_t i) const {
    if (i == 0) return 0;
    const std::string before = words_.Folded(i - 1);
    if (!Announcers().contains(before) &&
        (i < 2 || !AnnouncingPairs().contains(absl::StrCat(words_.Folded(i - 2), "_", before)))) {
      return 0;
    }
    size_t length = 0;
    while (length < kMaxNameWords && IsCapital(i + length) && !IsNobody(i + length)) {
      if (length > 0 && !GoesOn(i + length)) break;
      ++length;
    }
    return length == 0 ? 0 : i + length;
  }
  // Whether word `i` may continue the name of the word before it. A full stop may stand inside a
  // name only after an initial.
  bool GoesOn(size_t i) const {
    const absl::string_view gap = words_.GapBefore(i);
    if (gap.size() > 3 || gap.find_first_of(",;:!?\n") != absl::string_view::npos) return false;
    return gap.find('.') == absl::string_view::npos || words_[i - 1].initial;
  }

  bool IsPatronymic(size_t i) const {
    if (!IsCapital(i) || words_[i].end - words_[i].begin < kShortestPatronymic) return false;
    return EndsWithAny(words_.Folded(i), PatronymicEndings());
  }
  // «Анна Ивановна», «Петрова Анна Ивановна», «Анна Ивановна Петрова».
  size_t NameWithPatronymic(size_t i) const {
    if (!IsCapital(i + 1) || !SpaceBefore(i + 1)) return 0;
    if (IsPatronymic(i + 1)) {
      if (IsPlace(i)) return 0;
      const size_t after = i + 2;
      const bool surname = IsCapital(after) && SpaceBefore(after) && IsSurname(after);
      return surname ? after + 1 : after;
    }
    const bool surname_first = IsPatronymic(i + 2) && SpaceBefore(i + 2) && !IsPlace(i) &&
                               !IsNobody(i) && !words_.IsOneOf(Places(), i);
    return surname_first ? i + 3 : 0;
  }

  // «Петров И. И.», «И. И. Петров».
  size_t NameWithInitials(size_t i) const {
    if (words_[i].initial) return InitialsFirst(i);
    if (!IsInitial(i + 1) || !SpaceBefore(i + 1) || !IsInitial(i + 2) || !StopBefore(i + 2)) {
      return 0;
    }
    if (IsPostscript(i + 1)) return 0;
    if (IsPlace(i) || IsNobody(i) || words_.IsOneOf(Places(), i)) return 0;
    // «Мастер И. И. Петров»: the initials belong to the word that follows.
    return IsSurname(i) || InitialsFirst(i + 1) == 0 ? i + 3 : 0;
  }
  // «P. S.»
  bool IsPostscript(size_t i) const {
    return Postscripts().contains(absl::StrCat(words_.Folded(i), "_", words_.Folded(i + 1)));
  }
  size_t InitialsFirst(size_t i) const {
    const size_t surname = i + 2;
    if (!IsInitial(i + 1) || !StopBefore(i + 1) || IsPostscript(i)) return 0;
    if (!IsCapital(surname) || words_[surname].initial || !StopBefore(surname)) return 0;
    return IsPlace(i) || IsNobody(surname) || HouseFollows(surname + 1) ? 0 : surname + 1;
  }

  // A name just before or after a phone: «Анна, тел. 8917…», «8917… (Марина)».
  void FindBeside(const PersonalSpan& phone) {
    size_t before = FirstFrom(phone.begin);
    size_t begin = phone.begin;
    while (before > 0 && words_.IsOneOf(PhoneWords(), before - 1)) begin = words_[--before].begin;
    size_t first = before;
    while (first > 0 && before - first < kMaxNameWords && IsCapital(first - 1) &&
           (first == before ? IsClose(words_[first - 1].end, begin) : SpaceBefore(first))) {
      --first;
    }
    AddNameIn(first, before);
    const size_t next = FirstFrom(phone.end);
    size_t last = next;
    while (last - next < kMaxNameWords && IsCapital(last) &&
           (last == next ? IsClose(phone.end, words_[last].begin) : SpaceBefore(last))) {
      ++last;
    }
    AddNameIn(next, last);
  }
  // The first word that begins at `offset` or later.
  size_t FirstFrom(size_t offset) const {
    size_t low = 0, high = words_.size();
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (words_[middle].begin < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
  // Whether only a little punctuation stands between `from` and `to`.
  bool IsClose(size_t from, size_t to) const {
    const absl::string_view gap = words_.text().substr(from, to - std::min(from, to));
    return gap.size() <= 6 && gap.find_first_of(".!?") == absl::string_view::npos;
  }
  // Adds the names among the words [first, last) if one of them is a given name.
  void AddNameIn(size_t first, size_t last) {
    bool any = false;
    for (size_t i = first; i < last; ++i) any = any || IsGivenName(words_.Folded(i));
    if (!any || IsPlace(first)) return;
    while (!IsPartOfName(first)) ++first;
    while (!IsPartOfName(last - 1)) --last;
    spans_.push_back({words_[first].begin, words_[last - 1].end, Personal::kName});
  }
  bool IsPartOfName(size_t i) const {
    return IsGivenName(words_.Folded(i)) || IsSurname(i) || IsPatronymic(i);
  }

  const WordList& words_;
  std::vector<PersonalSpan>& spans_;
  std::vector<PersonalSpan> phones_;  // in order
};

}  // namespace

void FindNames(const WordList& words, std::vector<PersonalSpan>& spans) {
  NameFinder(words, spans).Run();
}

}  // namespace veche::text
