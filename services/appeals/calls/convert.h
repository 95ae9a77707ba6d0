#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/appeals/calls/entry_texts.h"
#include "services/appeals/domain/access.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/timeline.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/appeals.pb.h"

// Conversion between protos and domain types. Pure.

namespace veche::appeals {

// An etag that changes with everything that a reader of the view sees: the version, the number of
// supporters, and the reader's own relations.
std::string EtagOf(const Appeal& appeal, View view, const Relations& relations);
// OK when `etag` is empty or of the appeal's version; ETAG_MISMATCH otherwise.
absl::Status CheckEtag(const Appeal& appeal, absl::string_view etag);
// The same for the rules of routing, of which `newest` is in force.
absl::Status CheckRulesEtag(int64_t newest, absl::string_view etag);

// The fields that moderators read in addition to the public ones.
void AddModeration(const Appeal& appeal, v1::Appeal& wire);

// The appeal as `view` may see it. REQUIRES: view is not kNone.
v1::Appeal ToWire(const Appeal& appeal, View view, const Relations& relations = {});
v1::Attachment ToWire(const Attachment& attachment);
// The text of an entry for `view`: the system's, then the comment of a person; "" for none.
std::string TextFor(const Entry& entry, View view, const EntryTexts& texts);
// Entries that `view` may see.
v1::Timeline ToWire(absl::Span<const Entry> entries, View view, const EntryTexts& texts);
v1::Message MessageToWire(absl::string_view appeal, const Entry& entry);

}  // namespace veche::appeals
