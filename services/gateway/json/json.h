#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "services/gateway/json/table.h"

// Converts between JSON and protobuf wire bytes by the proto3 JSON mapping, directly, without a
// message object in between.
//
// Reading functions append to `wire`, so a message may be assembled from pieces: protobuf merges
// concatenated messages (the last scalar wins, repeated fields grow, messages merge). To assemble a
// request, append its body by ReadJson, then its query parameters and its path variables by
// AppendScalar; the path comes last because it must win.
//
// All functions are thread-safe. Time and memory depend only on the size of the input.

namespace veche::gateway::json {

struct WriteOptions {
  // Whether absent fields without presence (scalars, enums, lists, maps) are written with their
  // default value. Members of oneofs, `optional` fields and messages are never written when absent.
  bool defaults = true;
};

// Appends the JSON of a message to `json`. Fields stand in the order of their declaration, members
// of maps sorted by their keys as written, so that equal messages give equal texts. Fields that the
// table does not know, and groups, are left out.
// Errors, all Internal because the client did not cause them, with nothing appended: BAD_WIRE,
// INVALID_UTF8, NO_JSON_FORM (Any, a time out of range, an infinite or NaN number of a Value, …).
absl::Status WriteJson(const MessageTable& table, absl::string_view wire, std::string* json,
                       const WriteOptions& options = {});

// Appends the value of one field of the message (response_body of google.api.http); its default
// value or null if the field is absent. Errors as of WriteJson. REQUIRES: the message has a field
// of this number.
absl::Status WriteFieldJson(const MessageTable& table, uint32_t number, absl::string_view wire,
                            std::string* json, const WriteOptions& options = {});

// Appends the message in `json` to `wire`.
// Errors, all InvalidArgument, with nothing appended:
// - BROKEN_JSON with line, column and byte in the message, JSON_TOO_DEEP (100 levels);
// - otherwise violations: every wrong field (the first 100) with its path, like
//   "location.longitud", "attachments[2].name", "labels[\"a\"]". Unknown fields, wrong types,
//   values out of range, two fields of a oneof and repeated names are violations.
// The first form adds the violations to `violations` and returns OK, so that the caller can add the
// violations of the URL. `wire` then has default values for the wrong values, so that the rest of
// the message can still be checked.
absl::Status ReadJson(const MessageTable& table, absl::string_view json, Violations* violations,
                      std::string* wire);
absl::Status ReadJson(const MessageTable& table, absl::string_view json, std::string* wire);

// Like the first ReadJson, but `json` is the value of one field only (body of google.api.http).
// REQUIRES: the message has a field of this number.
absl::Status ReadFieldJson(const MessageTable& table, uint32_t number, absl::string_view json,
                           Violations* violations, std::string* wire);

// Appends the scalar `path` of a message from the text of a URL (a path variable or a query
// parameter, decoded). `path` names nested fields with dots, by JSON name or proto name:
// "location.latitude". A repeated field grows by one at each call. Enums by name or number, bytes
// in base64; times, durations, field masks (lowerCamelCase or snake_case) and wrappers as in JSON
// without quotes. False, with a violation added and nothing appended, when there is no such scalar
// or `text` is not a value for it.
bool AppendScalar(const MessageTable& table, absl::string_view path, absl::string_view text,
                  Violations* violations, std::string* wire);

// The string or bytes field at `path` (field numbers, from the outermost message on) of a message,
// without a table; "" when the field is absent or `wire` is malformed. Points into `wire`.
absl::string_view FindString(absl::string_view wire, absl::Span<const uint32_t> path);

}  // namespace veche::gateway::json
