#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/text.h"
#include "common/base/texts.h"

// Errors that carry google.rpc details (AIP-193) as absl::Status payloads; common/rpc/status.h
// moves them over the wire and the gateway turns them into RFC 9457 problem documents.

namespace veche {

using ErrorMetadata = std::initializer_list<std::pair<absl::string_view, absl::string_view>>;

// An error that a client may branch on: `reason` is a stable UPPER_SNAKE word, `domain` the
// service. Localize replaces its message by the reason's text in the catalogue, with the
// placeholders filled from `metadata`; `text` is the id of the text where one reason has several.
absl::Status MakeError(absl::StatusCode code, absl::string_view domain, absl::string_view reason,
                       ErrorMetadata metadata = {}, absl::string_view text = "");

// An error that only operators read, in commands and logs: `message` is English and in no
// catalogue.
absl::Status MakeOperatorError(absl::StatusCode code, absl::string_view domain,
                               absl::string_view reason, absl::string_view message);

// Adds google.rpc.RetryInfo.
absl::Status WithRetryAfter(absl::Status status, absl::Duration delay);

// The reason, or one value of the metadata, that MakeError was given; "" when there is none.
std::string ErrorReason(const absl::Status& status);
std::string ErrorMetadataValue(const absl::Status& status, absl::string_view key);
absl::Duration RetryAfter(const absl::Status& status);  // zero when none

// Adds the texts for people, at the place where an error leaves the process: the message becomes
// the English text; google.rpc.LocalizedMessage and the descriptions of the violations are in
// `language`. Returns an error unchanged when it has a LocalizedMessage already, or when its text
// is in no catalogue.
absl::Status Localize(const absl::Status& status, const Texts& texts, absl::string_view language);
// The text that Localize added, and the language of that text; "" when Localize added none.
std::string LocalizedMessage(const absl::Status& status);
std::string LocalizedIn(const absl::Status& status);

// Collects every invalid field of a request, so that one answer names them all. Not thread-safe.
class Violations {
 public:
  // `field` is the path as the client wrote it in JSON: "location.latitude". Only the first
  // violation of a field is kept: later ones of the same field, or of a part of that field, are
  // consequences of the first. `problem` says what to do.
  void Add(absl::string_view field, const Text& problem);
  bool empty() const { return fields_.empty(); }
  size_t size() const { return fields_.size(); }
  // Forgets all but the first `most` violations.
  void KeepFirst(size_t most) { fields_.resize(std::min(most, fields_.size())); }
  // OK when empty, else InvalidArgument with google.rpc.BadRequest; Localize writes its
  // descriptions.
  absl::Status ToStatus() const;

  // A serialised google.rpc.BadRequest, by which the gateway passes its violations to the service.
  std::string Serialize() const;
  // Adds the violations in a result of Serialize; false when `wire` cannot be parsed.
  bool AddSerialized(absl::string_view wire);

 private:
  bool IsKnown(absl::string_view field) const;

  std::vector<std::pair<std::string, Text>> fields_;
  absl::flat_hash_set<std::string> known_;  // the paths in fields_
};

}  // namespace veche
