#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/error.h"
#include "google/protobuf/field_mask.pb.h"
#include "services/polling/protocol/definition.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// What a draft is checked against.
struct DraftRules {
  absl::Time now;
  std::vector<std::string> issuers;    // known names; the first is the city's
  std::vector<std::string> districts;  // known names
  bool small_batches = false;          // of fewer than 20 ballots or 600 seconds
};

// The definition of a draft, without its id and with zeros for keys. Fills in the defaults that
// polls.proto names, and adds a violation for each field that cannot be asked or counted.
protocol::Definition ToDraft(const v1::Poll& poll, const DraftRules& rules, Violations& violations);

// The fields that an update replaces: those of its mask, or without one, those that its poll gives.
// A field of the mask that cannot be replaced is a violation.
google::protobuf::FieldMask ReadUpdateMask(const v1::UpdatePollRequest& request,
                                           Violations& violations);
// `draft` with the fields of `mask` as `update` has them. REQUIRES: `mask` is of ReadUpdateMask.
v1::Poll Merge(v1::Poll draft, const v1::Poll& update, const google::protobuf::FieldMask& mask);

}  // namespace veche::polling
