#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/auth/principal.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/timeline.h"

// Who may see and do what with an appeal. Pure.

namespace veche::appeals {

// How much of an appeal a caller may see.
enum class View { kNone, kPublic, kAuthor, kStaff };

// A caller: who they are, and the follow token they brought.
struct Viewer {
  auth::Principal principal;
  std::string follow_token_hash;  // "" without one
};

bool IsAuthor(const Appeal& appeal, const Viewer& viewer);
// Supervisors, and officers of the appeal's department.
bool IsStaffOf(const Appeal& appeal, const auth::Principal& principal);
View ViewOf(const Appeal& appeal, const Viewer& viewer);
bool MaySee(View view, Audience audience);

// The role and name under which the timeline records a caller who acts as the author, or as staff.
Actor AuthorActor(const Appeal& appeal, const Viewer& viewer);
Actor StaffActor(const auth::Principal& principal);

// SHA-256 in hexadecimal, "" for "": the form in which follow tokens are stored.
std::string HashToken(absl::string_view token);

}  // namespace veche::appeals
