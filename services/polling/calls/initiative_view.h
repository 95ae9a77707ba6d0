#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/principal.h"
#include "common/base/error.h"
#include "common/sql/database.h"
#include "services/polling/domain/initiative.h"
#include "services/polling/domain/initiative_steps.h"
#include "services/polling/storage/initiative_store.h"
#include "veche/polling/v1/initiatives.pb.h"

// What a caller may see of initiatives, and the checks of fields that calls share.

namespace veche::polling {

// Moderators, and supervisors, who oversee everything.
bool IsModerator(const auth::Principal& principal);
// The caller as the one who makes a step on `initiative`.
InitiativeActor ActorOf(const auth::Principal& principal, const Initiative& initiative);

// INITIATIVE_NOT_FOUND when the caller may not see it.
absl::Status CheckVisible(const auth::Principal& principal, const Initiative& initiative);

// The wire form for the caller, without a timeline. Never names the author.
v1::Initiative ToWire(const Initiative& initiative, const auth::Principal& principal,
                      bool supported, const std::vector<std::string>& appeals);
// The same for each, with what the database knows of them.
absl::StatusOr<std::vector<v1::Initiative>> ToWire(sql::Transaction& transaction,
                                                   InitiativeStore& store,
                                                   const std::vector<Initiative>& initiatives,
                                                   const auth::Principal& principal);
// The same for one, with its timeline.
absl::StatusOr<v1::Initiative> ToWireWhole(sql::Transaction& transaction, InitiativeStore& store,
                                           const Initiative& initiative,
                                           const auth::Principal& principal);

// A text of `least` to `most` characters; returns the cleaned text to store.
struct TextBounds {
  size_t least = 1;
  size_t most = 0;
  bool single_line = false;
};
std::string ReadText(absl::string_view text, absl::string_view field, const TextBounds& bounds,
                     Violations& violations);
// "" or "{collection}/{id}".
void CheckReference(absl::string_view collection, absl::string_view name, absl::string_view field,
                    Violations& violations);

}  // namespace veche::polling
