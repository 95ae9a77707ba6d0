#pragma once

#include <string>

namespace veche::notifications {

// What a link in a message ends.
struct Unsubscription {
  std::string resident;  // "residents/{id}"
  std::string subject;   // "appeals/{id}" or "topics/{id}"; "": all
  friend bool operator==(const Unsubscription&, const Unsubscription&) = default;
};

}  // namespace veche::notifications
