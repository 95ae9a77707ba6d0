#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/texts.h"

namespace veche::notifications {

// The page behind the link of a message: asks, with a button for messages about the appeal and one
// for all messages. Plain HTML without scripts. `token` is that of the link.
std::string AskPage(absl::string_view token, const Texts& texts, absl::string_view language);
// The page after that: says that they are ended. `all`: all messages.
std::string EndedPage(bool all, const Texts& texts, absl::string_view language);

}  // namespace veche::notifications
