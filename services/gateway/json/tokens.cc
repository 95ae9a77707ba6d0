#include "services/gateway/json/tokens.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/gateway/json/number_text.h"

namespace veche::gateway::json {
namespace {

constexpr size_t kKeptCapacity = 256 * 1024;
constexpr size_t kSmallestCapacity = 4 * 1024;
constexpr size_t kLargestText = size_t{1} << 30;

// Each thread keeps one parser, because making a parser costs more than parsing a small text.
thread_local std::unique_ptr<simdjson::internal::dom_parser_implementation> kept_parser;

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The four hexadecimal digits of \uXXXX at `p`, or -1.
int CodeUnit(const char* p, const char* end) {
  if (end - p < 4) return -1;
  int unit = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = HexValue(p[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

char* PutUtf8(uint32_t c, char* p) {
  if (c < 0x80) {
    *p++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *p++ = static_cast<char>(0xc0 | c >> 6);
    *p++ = static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    *p++ = static_cast<char>(0xe0 | c >> 12);
    *p++ = static_cast<char>(0x80 | (c >> 6 & 0x3f));
    *p++ = static_cast<char>(0x80 | (c & 0x3f));
  } else {
    *p++ = static_cast<char>(0xf0 | c >> 18);
    *p++ = static_cast<char>(0x80 | (c >> 12 & 0x3f));
    *p++ = static_cast<char>(0x80 | (c >> 6 & 0x3f));
    *p++ = static_cast<char>(0x80 | (c & 0x3f));
  }
  return p;
}

// The character of a one-letter escape, or NUL.
char ShortEscape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

// The place and kind of the error when simdjson rejects the whole text. simdjson does not tell the
// place; the search for it costs only when there is an error.
std::pair<size_t, const char*> FindFault(absl::string_view json) {
  size_t valid = 0;  // bytes of complete characters
  bool in_string = false;
  size_t string_begin = 0;
  while (valid < json.size()) {
    const auto c = static_cast<unsigned char>(json[valid]);
    size_t length = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (!IsUtf8(json.substr(valid, length))) return {valid, "NOT_UTF8"};
    if (in_string && c < 0x20) return {valid, "CONTROL_CHARACTER"};
    if (c == '"') {
      if (!in_string) string_begin = valid;
      in_string = !in_string;
    }
    if (c == '\\' && valid + 1 < json.size() && static_cast<signed char>(json[valid + 1]) >= 0x20) {
      length = 2;
    }
    valid += length;
  }
  return in_string ? std::pair{string_begin, "STRING_WITHOUT_END"}
                   : std::pair{json.size(), "TEXT_WITHOUT_END"};
}

}  // namespace

bool IsUtf8(absl::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

Unescaped Unescape(absl::string_view raw, Output& out) {
  Unescaped result = Unescaped::kOk;
  const char* s = raw.data();
  const char* const end = s + raw.size();
  char* p = out.Need(raw.size() + 4);  // an escape is never shorter than its character
  while (s < end) {
    const void* found = std::memchr(s, '\\', end - s);
    const char* const stop = found != nullptr ? static_cast<const char*>(found) : end;
    std::memcpy(p, s, stop - s);
    p += stop - s;
    s = stop;
    if (s == end) break;
    if (end - s < 2) return Unescaped::kBroken;
    if (s[1] != 'u') {
      const char c = ShortEscape(s[1]);
      if (c == '\0') return Unescaped::kBroken;
      *p++ = c;
      s += 2;
      continue;
    }
    const int unit = CodeUnit(s + 2, end);
    if (unit < 0) return Unescaped::kBroken;
    s += 6;
    if (unit < 0xd800 || unit > 0xdfff) {
      p = PutUtf8(static_cast<uint32_t>(unit), p);
      continue;
    }
    const bool pair = unit < 0xdc00 && end - s >= 6 && s[0] == '\\' && s[1] == 'u';
    const int low = pair ? CodeUnit(s + 2, end) : -1;
    if (low < 0xdc00 || low > 0xdfff) {
      result = Unescaped::kHalfSurrogate;
      p = PutUtf8(0xfffd, p);
      continue;
    }
    p = PutUtf8(0x10000 + (static_cast<uint32_t>(unit - 0xd800) << 10) +
                    static_cast<uint32_t>(low - 0xdc00),
                p);
    s += 6;
  }
  out.Advance(p);
  return result;
}

Tokens::Tokens(absl::string_view json) : json_(json), parser_(std::move(kept_parser)) {
  if (json.size() > kLargestText) {
    Fail("TOO_LONG", 0);
    return;
  }
  if (parser_ == nullptr || parser_->capacity() < json.size()) {
    const size_t capacity = std::max(json.size() + json.size() / 4, kSmallestCapacity);
    parser_.reset();
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, /*max_depth=*/1, parser_) != simdjson::SUCCESS) {
      Fail("NO_MEMORY", 0);
      return;
    }
  }
  const auto error = parser_->stage1(reinterpret_cast<const uint8_t*>(json.data()), json.size(),
                                     simdjson::stage1_mode::regular);
  if (error != simdjson::SUCCESS) {
    const auto [offset, problem] = FindFault(json);
    Fail(problem, offset);
    return;
  }
  at_ = parser_->structural_indexes.get();
  end_ = at_ + parser_->n_structural_indexes;
}

Tokens::~Tokens() {
  if (parser_ != nullptr && parser_->capacity() <= kKeptCapacity) {
    kept_parser = std::move(parser_);
  }
}

bool Tokens::Fail(const char* problem, size_t offset) {
  if (problem_ == nullptr) {
    problem_ = problem;
    problem_offset_ = offset;
  }
  at_ = end_;
  return false;
}

bool Tokens::FailTooDeep() {
  too_deep_ = ok();
  return Fail("TOO_DEEP");
}

absl::Status Tokens::status() const {
  if (ok()) return absl::OkStatus();
  const absl::string_view before = json_.substr(0, problem_offset_);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return MakeError(absl::StatusCode::kInvalidArgument, "veche",
                   too_deep_ ? "JSON_TOO_DEEP" : "BROKEN_JSON",
                   {{"line", absl::StrCat(lines + 1)},
                    {"column", absl::StrCat(problem_offset_ - line_begin + 1)},
                    {"byte", absl::StrCat(problem_offset_)},
                    {"problem", problem_}});
}

absl::string_view Tokens::Scalar() const {
  const size_t begin = *at_;
  size_t end = at_ + 1 == end_ ? json_.size() : at_[1];
  while (end > begin && IsSpace(json_[end - 1])) --end;
  return json_.substr(begin, end - begin);
}

bool Tokens::RawString(absl::string_view* raw) {
  const absl::string_view token = Scalar();
  if (token.size() < 2 || token.front() != '"' || token.back() != '"') {
    return Fail("EXPECTED_STRING");
  }
  *raw = token.substr(1, token.size() - 2);
  return true;
}

bool Tokens::TakeWord(absl::string_view word) {
  if (Scalar() != word) return Fail("EXPECTED_VALUE");
  Next();
  return true;
}

bool Tokens::TakeAnyString(std::string* text, bool* half_surrogate) {
  absl::string_view raw;
  if (!RawString(&raw)) return false;
  if (std::memchr(raw.data(), '\\', raw.size()) == nullptr) {
    if (text != nullptr) text->assign(raw.data(), raw.size());
  } else {
    std::string unused;
    if (text == nullptr) text = &unused;
    text->clear();
    Output out(text, raw.size() + 4);
    const Unescaped result = Unescape(raw, out);
    out.Commit();
    if (result == Unescaped::kBroken) return Fail("WRONG_ESCAPE");
    if (half_surrogate != nullptr) *half_surrogate = result == Unescaped::kHalfSurrogate;
  }
  Next();
  return true;
}

bool Tokens::SkipValue(int depth) {
  switch (Peek()) {
    case '{':
      return SkipObject(depth + 1);
    case '[':
      return SkipArray(depth + 1);
    case '"':
      return TakeAnyString(nullptr);
    case 't':
      return TakeWord("true");
    case 'f':
      return TakeWord("false");
    case 'n':
      return TakeWord("null");
    default:
      if (NumberText number; done() || !SplitNumber(Scalar(), &number)) {
        return Fail("EXPECTED_VALUE");
      }
      Next();
      return true;
  }
}

bool Tokens::SkipObject(int depth) {
  if (depth > kMaxDepth) return FailTooDeep();
  Next();
  if (Peek() == '}') return Next(), true;
  do {
    if (Peek() != '"') return Fail("EXPECTED_NAME");
    if (!TakeAnyString(nullptr) || !TakeColon() || !SkipValue(depth)) return false;
  } while (TakeComma('}'));
  return ok();
}

bool Tokens::SkipArray(int depth) {
  if (depth > kMaxDepth) return FailTooDeep();
  Next();
  if (Peek() == ']') return Next(), true;
  do {
    if (!SkipValue(depth)) return false;
  } while (TakeComma(']'));
  return ok();
}

}  // namespace veche::gateway::json
