#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "services/gateway/json/table.h"

// JSON <-> protobuf wire bytes by the proto3 JSON mapping, straight, with no message between.
//
// What is read is appended, and so may be put together from pieces: protobuf merges what is
// concatenated (the last scalar wins, repeated fields grow, messages merge). A request is its body
// by ReadJson, then its path and query parameters by AppendScalar, into one string; append the path
// last, as it must win.
//
// All functions are thread-safe. Time and memory grow with the input alone.

namespace veche::gateway::json {

struct WriteOptions {
  // Whether fields without presence (scalars, enums, lists, maps) are written when they are absent,
  // with their default value. Members of oneofs, `optional` fields and messages are written only
  // when present, always.
  bool defaults = true;
};

// Appends the JSON of a message to `json`. Fields stand in the order of their declaration, members
// of maps sorted by their keys as written, so that equal messages give equal texts. Fields that the
// table does not know, and groups, are left out.
// Errors, all INTERNAL as they are not the client's, with nothing appended: BAD_WIRE, INVALID_UTF8,
// NO_JSON_FORM (Any, a time out of range, a number of a Value that is not finite, …).
absl::Status WriteJson(const MessageTable& table, absl::string_view wire, std::string* json,
                       const WriteOptions& options = {});

// Only the value of one field of the message (the response_body of google.api.http), its default
// value or null if it is absent. REQUIRES: the message has a field of this number.
absl::Status WriteFieldJson(const MessageTable& table, uint32_t number, absl::string_view wire,
                            std::string* json, const WriteOptions& options = {});

// Appends to `wire` the message that `json` says.
// Errors, InvalidArgument all, with nothing appended:
// - BROKEN_JSON with line, column and byte in the message, JSON_TOO_DEEP (100 levels);
// - else violations: every wrong field (the first 100) with its path, like "location.longitud",
//   "attachments[2].name", "labels[\"a\"]". Unknown fields, wrong types, values out of range, two
//   fields of a oneof and names that come twice are violations.
// The first form adds the violations to a collector (returning OK) so that those of the URL can
// join them; in `wire` the wrong values are the defaults of their fields then, so that the rest of
// the message can still be checked.
absl::Status ReadJson(const MessageTable& table, absl::string_view json, Violations* violations,
                      std::string* wire);
absl::Status ReadJson(const MessageTable& table, absl::string_view json, std::string* wire);

// The same where `json` is the value of one field only (the body of google.api.http). REQUIRES: the
// message has a field of this number.
absl::Status ReadFieldJson(const MessageTable& table, uint32_t number, absl::string_view json,
                           Violations* violations, std::string* wire);

// Appends the scalar `path` of a message from the text of a URL (a path variable or a query
// parameter, decoded). `path` goes through messages by dots and takes JSON names and proto names:
// "location.latitude". A repeated field grows by one at each call. Enums by name or number, bytes
// in base64; times, durations, field masks (in both cases of letters) and wrappers as in JSON
// without quotes. False, with a violation added and nothing appended, when there is no such scalar
// or the text is not right for it.
bool AppendScalar(const MessageTable& table, absl::string_view path, absl::string_view text,
                  Violations* violations, std::string* wire);

// The string or bytes field at `path` (numbers of fields, through messages) of a message, without a
// table; "" when absent or when the bytes are no message. Points into `wire`.
absl::string_view FindString(absl::string_view wire, absl::Span<const uint32_t> path);

}  // namespace veche::gateway::json
