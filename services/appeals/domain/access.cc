#include "services/appeals/domain/access.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "absl/strings/escaping.h"

namespace veche::appeals {
namespace {

using options::v1::OFFICER;
using options::v1::SUPERVISOR;

bool SameSecret(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

bool IsAuthor(const Appeal& appeal, const Viewer& viewer) {
  if (!viewer.principal.name.empty() && viewer.principal.name == appeal.author) return true;
  return !appeal.follow_token_hash.empty() &&
         SameSecret(appeal.follow_token_hash, viewer.follow_token_hash);
}

bool IsStaffOf(const Appeal& appeal, const auth::Principal& principal) {
  if (principal.Is(SUPERVISOR)) return true;
  return principal.Is(OFFICER) && !principal.department.empty() &&
         principal.department == appeal.department;
}

View ViewOf(const Appeal& appeal, const Viewer& viewer) {
  if (IsStaffOf(appeal, viewer.principal)) return View::kStaff;
  if (IsAuthor(appeal, viewer)) return View::kAuthor;
  return appeal.visibility == Visibility::kPublic ? View::kPublic : View::kNone;
}

bool MaySee(View view, Audience audience) {
  switch (audience) {
    case Audience::kPublic:
      return view != View::kNone;
    case Audience::kParties:
      return view == View::kAuthor || view == View::kStaff;
    case Audience::kStaff:
      return view == View::kStaff;
  }
  return false;
}

Actor AuthorActor(const Appeal& appeal, const Viewer& viewer) {
  const std::string& name = viewer.principal.name;
  return {Party::kAuthor, name.empty() ? appeal.author : name, ""};
}

Actor StaffActor(const auth::Principal& principal) {
  return {principal.Is(SUPERVISOR) ? Party::kSupervisor : Party::kOfficer, principal.name,
          principal.department};
}

std::string HashToken(absl::string_view token) {
  if (token.empty()) return "";
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), sizeof(digest)));
}

}  // namespace veche::appeals
