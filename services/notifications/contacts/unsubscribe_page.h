#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/texts.h"

namespace veche::notifications {

// The page behind the link of a message: asks, with a button for messages about the appeal or topic
// and one for all messages. Plain HTML without scripts. `token` is that of the link; `topic` is the
// title of the topic whose alerts the link ends, "" for a link that ends messages about an appeal.
std::string AskPage(absl::string_view token, absl::string_view topic, const Texts& texts,
                    absl::string_view language);
// The page after that: says that they are ended. `all`: all messages.
std::string EndedPage(bool all, absl::string_view topic, const Texts& texts,
                      absl::string_view language);

}  // namespace veche::notifications
