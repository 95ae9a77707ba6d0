#pragma once

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
// service. People read the catalogue's row of the reason, filled from `metadata`, once Localize has
// put it in; `text` is the row's id where one reason has several texts.
absl::Status MakeError(absl::StatusCode code, absl::string_view domain, absl::string_view reason,
                       ErrorMetadata metadata = {}, absl::string_view text = "");

// An error that only operators read, in commands and logs: `message` is English, no catalogue has
// it.
absl::Status MakeOperatorError(absl::StatusCode code, absl::string_view domain,
                               absl::string_view reason, absl::string_view message);

// Adds google.rpc.RetryInfo.
absl::Status WithRetryAfter(absl::Status status, absl::Duration delay);

// The reason and metadata that MakeError put in, or "" where there is none.
std::string ErrorReason(const absl::Status& status);
std::string ErrorMetadataValue(const absl::Status& status, absl::string_view key);
absl::Duration RetryAfter(const absl::Status& status);  // zero when none

// What people are told of an error, put in where it leaves the process: its message becomes the
// English text, google.rpc.LocalizedMessage and the descriptions of its violations are in
// `language`. Left as it is: an error that has them already, or whose text is in no table.
absl::Status Localize(const absl::Status& status, const Texts& texts, absl::string_view language);
// What Localize told people, and in which language; "" where it told nothing.
std::string LocalizedMessage(const absl::Status& status);
std::string LocalizedIn(const absl::Status& status);

// Collects every bad field of a request, so that the client hears of all at once.
class Violations {
 public:
  // `field` is the path as the client wrote it in JSON: "location.latitude". The first to speak of
  // a field is believed: what is said of it, or of a part of it, later follows from the first fault
  // and is left out. `problem` says what to do.
  void Add(absl::string_view field, const Text& problem);
  bool empty() const { return fields_.empty(); }
  // OK when empty, else InvalidArgument with google.rpc.BadRequest, of which Localize writes the
  // descriptions.
  absl::Status ToStatus() const;

  // A google.rpc.BadRequest on the wire: how those who looked at a request first tell the next.
  std::string Serialize() const;
  // Adds what Serialize gave; false when it is not that.
  bool AddSerialized(absl::string_view wire);

 private:
  bool IsKnown(absl::string_view field) const;

  std::vector<std::pair<std::string, Text>> fields_;
  absl::flat_hash_set<std::string> known_;  // their paths
};

}  // namespace veche
