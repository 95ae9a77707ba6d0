#include "services/notifications/domain/contact_notice.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace veche::notifications {
namespace {

constexpr absl::string_view kContact = "/contact";

}  // namespace

std::string ContactAlone(absl::string_view resident) { return absl::StrCat(resident, kContact); }

std::string ResidentOf(absl::string_view recipient) {
  return std::string(absl::StripSuffix(recipient, kContact));
}

bool LeavesByContact(absl::string_view type) { return absl::StartsWith(type, "veche.appeals."); }

}  // namespace veche::notifications
