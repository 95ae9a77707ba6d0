#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/gateway/json/wire.h"

// JSON text cut into tokens by simdjson's first stage, which also checks UTF-8, the ends of strings
// and control characters in them. The code that reads the tokens checks the grammar. We do not use
// simdjson's DOM or on-demand API because we need all errors, the place of each, numbers of any
// length, and strings unescaped directly into the output; neither API gives all four. Internal to
// this folder.

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace veche::gateway::json {

bool IsUtf8(absl::string_view text);

enum class Unescaped {
  kOk,
  kHalfSurrogate,  // well-formed JSON, but half of a surrogate pair
  kBroken,         // not JSON
};
// Appends the characters of a JSON string (`raw` is without quotes).
Unescaped Unescape(absl::string_view raw, Output& out);

// The tokens of one JSON text, which must outlive this. Not thread-safe.
class Tokens {
 public:
  explicit Tokens(absl::string_view json);
  ~Tokens();
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;

  // False after the text was found broken; do not read further then.
  bool ok() const { return problem_ == nullptr; }
  // InvalidArgument with reason BROKEN_JSON or JSON_TOO_DEEP, and the place in its metadata.
  absl::Status status() const;
  // Records that the text is broken at the current token, or at `offset`. Returns false. `problem`
  // is a string literal: an id of the catalogue without its "JSON_".
  bool Fail(const char* problem) { return Fail(problem, offset()); }
  bool Fail(const char* problem, size_t offset);
  bool FailTooDeep();

  bool done() const { return at_ == end_; }
  // The first character of the token, NUL at the end.
  char Peek() const { return done() ? '\0' : json_[*at_]; }
  size_t offset() const { return done() ? json_.size() : *at_; }
  void Next() { ++at_; }
  // Takes the token `c`, or fails with `problem`.
  bool Take(char c, const char* problem) {
    if (ABSL_PREDICT_FALSE(Peek() != c)) return Fail(problem);
    Next();
    return true;
  }
  bool TakeColon() { return Take(':', "EXPECTED_COLON"); }
  // After an element or member: true when another follows. `close` is ']' or '}'.
  bool TakeComma(char close) {
    const char c = Peek();
    if (c == ',') return Next(), true;
    if (c == close) return Next(), false;
    return Fail(close == ']' ? "EXPECTED_COMMA_OR_BRACKET" : "EXPECTED_COMMA_OR_BRACE");
  }

  // The whole text of a scalar; REQUIRES !done().
  absl::string_view Scalar() const;
  // Takes the string at hand and returns true when it is `name` without escapes.
  bool TakeString(absl::string_view name) {
    const size_t begin = *at_ + 1;
    if (json_.size() - begin <= name.size() || json_[begin + name.size()] != '"' ||
        std::memcmp(json_.data() + begin, name.data(), name.size()) != 0) {
      return false;
    }
    Next();
    return true;
  }
  // Takes the string at hand; `raw` is the text between its quotes, with escapes. False when
  // broken.
  bool RawString(absl::string_view* raw);
  // Takes null, true or false; any other word is broken.
  bool TakeWord(absl::string_view word);
  // Skips a value of any kind and checks its grammar. `depth` is the nesting depth of the value.
  bool SkipValue(int depth);
  // Takes a string; unescapes it into `text` unless `text` is null. Sets `half_surrogate`, if
  // given, for a string with half of a surrogate pair.
  bool TakeAnyString(std::string* text, bool* half_surrogate = nullptr);

 private:
  bool SkipObject(int depth);
  bool SkipArray(int depth);

  absl::string_view json_;
  const uint32_t* at_ = nullptr;
  const uint32_t* end_ = nullptr;
  const char* problem_ = nullptr;
  size_t problem_offset_ = 0;
  bool too_deep_ = false;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser_;  // owns the tokens
};

}  // namespace veche::gateway::json
