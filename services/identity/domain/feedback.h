#pragma once

#include <string>

#include "absl/time/time.h"

namespace veche::identity {

// What a person says about the app itself.
struct FeedbackNote {
  std::string id;  // ULID
  std::string text;
  std::string contact;   // in its normal form; "" without one
  std::string page;      // where in the app the person was; "" when not told
  std::string language;  // one of kLanguages
  absl::Time create_time;
};

}  // namespace veche::identity
