#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Notices that leave by e-mail or SMS: those of appeals. Pure.

namespace veche::notifications {

// A notice as the message about it needs it.
struct ContactNotice {
  std::string recipient;  // "residents/{id}", also of a guest
  std::string type;       // of the event: "veche.appeals.resolved"
  std::string subject;    // "appeals/{id}"
  std::string number;     // that people see
  absl::Time time;        // of the event
};

// A receipt is a notice for the contact alone: its author knows in the app that the appeal was
// sent. Such a notice has a recipient of its own, which no inbox has.
std::string ContactAlone(absl::string_view resident);
// The resident of a recipient, whether it is the contact alone or not.
std::string ResidentOf(absl::string_view recipient);

// Whether notices of the type leave by contact.
bool LeavesByContact(absl::string_view type);

}  // namespace veche::notifications
