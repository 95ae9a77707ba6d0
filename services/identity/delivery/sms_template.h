#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "services/identity/domain/message.h"

namespace veche::identity {

// The body of a request to a provider of text messages: `form` with {phone}, {text} and {id}
// replaced by the values, escaped for a JSON text or for a form
// (application/x-www-form-urlencoded). A value with braces is not replaced again.
std::string FillSmsTemplate(absl::string_view form, bool json, const OutgoingMessage& message);

}  // namespace veche::identity
