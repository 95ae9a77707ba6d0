#include "services/polling/protocol/canonical_json.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

namespace veche::polling::protocol {
namespace {

constexpr int64_t kMost = (int64_t{1} << 53) - 1;

std::string_view Std(absl::string_view text) { return {text.data(), text.size()}; }
absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

bool IsLanguageTag(absl::string_view tag) {
  return !tag.empty() && tag.size() <= 35 && std::all_of(tag.begin(), tag.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
  });
}

}  // namespace

std::string JsonString(absl::string_view text) {
  static constexpr absl::string_view kEscaped = "\b\t\n\f\r\"\\";
  static constexpr absl::string_view kLetters = "btnfr\"\\";
  std::string json = "\"";
  for (const char c : text) {
    if (const size_t at = kEscaped.find(c); at != absl::string_view::npos) {
      json += '\\';
      json += kLetters[at];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppend(&json, "\\u", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad4));
    } else {
      json += c;
    }
  }
  return json + '"';
}

JsonObjectWriter& JsonObjectWriter::Base64(absl::string_view name, absl::string_view bytes) {
  return String(name, absl::Base64Escape(bytes));
}

JsonObjectWriter& JsonObjectWriter::Texts(absl::string_view name,
                                          const std::map<std::string, std::string>& texts) {
  JsonObjectWriter object;
  for (const auto& [language, text] : texts) object.String(language, text);
  return Raw(name, object.Take());
}

std::string JsonObjectWriter::Take() const {
  std::string json = "{";
  for (const auto& [name, value] : members_) {
    absl::StrAppend(&json, json.size() > 1 ? "," : "", JsonString(name), ":", value);
  }
  return json + "}";
}

absl::Status JsonFault(absl::string_view path, absl::string_view problem) {
  return absl::InvalidArgumentError(
      absl::StrCat(path.empty() ? "The document" : path, " ", problem, "."));
}

JsonObjectReader::JsonObjectReader(simdjson::dom::element value, std::string path,
                                   std::initializer_list<absl::string_view> names,
                                   absl::Status* status)
    : path_(std::move(path)), status_(status) {
  if (value.get(object_) != simdjson::SUCCESS) {
    if (ok()) *status_ = JsonFault(path_, "must be an object");
    return;
  }
  for (const auto& member : object_) {
    const absl::string_view name = View(member.key);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      Fail(name, "is not a member of this version");
    }
  }
  for (const absl::string_view name : names) {
    if (object_.at_key(Std(name)).error() != simdjson::SUCCESS) Fail(name, "is missing");
  }
}

std::string JsonObjectReader::PathOf(absl::string_view name) const {
  return absl::StrCat(path_, path_.empty() ? "" : ".", name);
}

void JsonObjectReader::Fail(absl::string_view name, absl::string_view problem) {
  if (ok()) *status_ = JsonFault(PathOf(name), problem);
}

simdjson::dom::element JsonObjectReader::Member(absl::string_view name) {
  simdjson::dom::element value;
  if (ok() && object_.at_key(Std(name)).get(value) != simdjson::SUCCESS) Fail(name, "is missing");
  return value;
}

std::string JsonObjectReader::String(absl::string_view name) {
  std::string_view text;
  const simdjson::dom::element value = Member(name);
  if (ok() && value.get(text) != simdjson::SUCCESS) Fail(name, "must be a string");
  return ok() ? std::string(text) : "";
}

std::string JsonObjectReader::Base64(absl::string_view name, size_t bytes) {
  std::string decoded;
  // Unescape takes white space and missing padding too.
  const std::string text = String(name);
  if (!absl::Base64Unescape(text, &decoded) || absl::Base64Escape(decoded) != text) {
    Fail(name, "must be base64 with padding");
  }
  if (bytes != 0 && decoded.size() != bytes) {
    Fail(name, absl::StrCat("must have ", bytes, " bytes"));
  }
  return decoded;
}

int64_t JsonObjectReader::Integer(absl::string_view name) {
  int64_t number = 0;
  const simdjson::dom::element value = Member(name);
  if (!ok()) return 0;
  if (value.get(number) != simdjson::SUCCESS || number < 0 || number > kMost) {
    Fail(name, "must be an integer from 0 to 9007199254740991");
    return 0;
  }
  return number;
}

bool JsonObjectReader::Bool(absl::string_view name) {
  bool truth = false;
  const simdjson::dom::element value = Member(name);
  if (ok() && value.get(truth) != simdjson::SUCCESS) Fail(name, "must be true or false");
  return truth;
}

std::map<std::string, std::string> JsonObjectReader::Texts(absl::string_view name) {
  std::map<std::string, std::string> texts;
  simdjson::dom::object members;
  const simdjson::dom::element value = Member(name);
  if (!ok()) return texts;
  if (value.get(members) != simdjson::SUCCESS) {
    Fail(name, "must be an object");
    return texts;
  }
  for (const auto& member : members) {
    if (!ok()) break;
    std::string_view text;
    if (!IsLanguageTag(View(member.key))) {
      Fail(name, "must have texts by language tag");
    } else if (member.value.get(text) != simdjson::SUCCESS) {
      Fail(absl::StrCat(name, ".", View(member.key)), "must be a string");
    } else {
      texts[std::string(member.key)] = std::string(text);
    }
  }
  return texts;
}

std::vector<std::string> JsonObjectReader::Strings(absl::string_view name) {
  std::vector<std::string> strings;
  Array(name, [&](simdjson::dom::element item, const std::string& path) {
    std::string_view text;
    if (item.get(text) != simdjson::SUCCESS) {
      *status_ = JsonFault(path, "must be a string");
      return;
    }
    strings.emplace_back(text);
  });
  return strings;
}

}  // namespace veche::polling::protocol
