// The JSON transcoder with any input: it never crashes, it agrees with simdjson on valid JSON and
// with protobuf on valid messages, and a value that is read, written and read again does not
// change.
//
// Input: "w" and wire bytes, "u" and path=text of a URL, or JSON.

#include <simdjson.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "services/gateway/json/json.h"
#include "veche/testing/v1/everything.pb.h"

namespace veche::gateway::json {
namespace {

void Require(bool condition, const char* what, const absl::Status& status = absl::OkStatus()) {
  if (condition) return;
  std::fprintf(stderr, "not so: %s %s\n", what, status.ToString().c_str());
  std::abort();
}

const MessageTable& Table() {
  static auto* const tables = new Tables;
  static const MessageTable& table = tables->Get(testing::v1::Everything::descriptor());
  return table;
}

// REQUIRES: `json` was written by WriteJson.
void CheckStable(const std::string& json) {
  std::string wire, again;
  const absl::Status read = ReadJson(Table(), json, &wire);
  if (ErrorReason(read) == "JSON_TOO_DEEP") return;
  Require(read.ok(), "what is written can be read", read);
  Require(testing::v1::Everything().ParseFromString(wire), "what is read is a message");
  const absl::Status written = WriteJson(Table(), wire, &again);
  Require(written.ok(), "what is read can be written", written);
  Require(again == json, "it stays the same");
}

void FuzzWire(absl::string_view wire) {
  std::string json;
  FindString(wire, {17, 4, 1});
  if (WriteJson(Table(), wire, &json).ok()) CheckStable(json);
}

void FuzzUrl(absl::string_view input) {
  const size_t equals = input.find('=');
  if (equals == absl::string_view::npos) return;
  Violations violations;
  std::string wire, json;
  const bool ok =
      AppendScalar(Table(), input.substr(0, equals), input.substr(equals + 1), &violations, &wire);
  Require(ok == violations.empty(), "a violation says why");
  Require(ok || wire.empty(), "nothing is left of what failed");
  if (ok) FuzzWire(wire);
}

void FuzzJson(absl::string_view input) {
  std::string wire;
  const absl::Status status = ReadJson(Table(), input, &wire);
  const std::string reason = ErrorReason(status);
  simdjson::dom::parser parser;
  const auto error = parser.parse(input.data(), input.size()).error();
  if (reason == "BROKEN_JSON") {
    Require(error != simdjson::SUCCESS, "what simdjson reads is not broken", status);
  } else if (reason != "JSON_TOO_DEEP") {
    // simdjson refuses large numbers and unpaired surrogates, which are valid JSON.
    Require(error == simdjson::SUCCESS || error == simdjson::NUMBER_ERROR ||
                error == simdjson::STRING_ERROR || error == simdjson::DEPTH_ERROR,
            simdjson::error_message(error));
  }
  if (!status.ok()) {
    Require(wire.empty(), "nothing is left of what failed");
    return;
  }
  std::string json;
  Require(testing::v1::Everything().ParseFromString(wire), "what is read is a message");
  const absl::Status written = WriteJson(Table(), wire, &json);
  // The reader accepts any path in a field mask, such as "a..b"; the writer refuses some of them.
  if (ErrorReason(written) == "NO_JSON_FORM") return;
  Require(written.ok(), "what is read can be written", written);
  CheckStable(json);
}

}  // namespace
}  // namespace veche::gateway::json

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  if (!input.empty() && input[0] == 'w') {
    veche::gateway::json::FuzzWire(input.substr(1));
  } else if (!input.empty() && input[0] == 'u') {
    veche::gateway::json::FuzzUrl(input.substr(1));
  } else {
    veche::gateway::json::FuzzJson(input);
  }
  return 0;
}
