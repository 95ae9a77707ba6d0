#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "services/identity/domain/errors.h"
#include "services/identity/storage/store.h"

namespace veche::identity {
namespace {

// The fields that the resident's key seals.
constexpr absl::string_view kBirthDate = "birth_date";
constexpr absl::string_view kDocumentKind = "document_kind";

// Residents who can sign in and were not erased, with the district for which each is counted.
// `join` is JOIN for verified residents only, LEFT JOIN for all.
std::string FromResidents(absl::string_view join) {
  return absl::StrCat("FROM residents r JOIN resident_keys k ON k.resident = r.id ", join,
                      " verifications v ON v.resident = r.id WHERE NOT r.guest ");
}
constexpr absl::string_view kCountedDistrict =
    "COALESCE(NULLIF(v.district, ''), r.home_district) AS counted_district ";

absl::StatusOr<absl::CivilDay> OpenBirthDate(const ResidentKey& key, const std::string& sealed) {
  ASSIGN_OR_RETURN(const std::string text, key.Unseal(sealed, kBirthDate));
  const std::optional<absl::CivilDay> day = ParseDay(text);
  if (!day) return absl::DataLossError("A birth date cannot be read.");
  return *day;
}

void Count(const std::string& district, int64_t count, const EligibilityRule& rule,
           DistrictCounts& counts) {
  if (AdmitsDistrict(rule, district)) counts[district] += count;
}

}  // namespace

absl::Status Store::Verify(sql::Transaction& transaction, const Verification& verification) {
  ASSIGN_OR_RETURN(const std::optional<Standing> standing,
                   GetStanding(transaction, verification.resident));
  ASSIGN_OR_RETURN(const std::optional<ResidentKey> key, KeyOf(transaction, verification.resident));
  if (!standing || !key) return ResidentNotFound();
  const std::string birth_date = absl::FormatCivilTime(verification.birth_date);
  return transaction
      .Execute(
          "INSERT INTO verifications (resident, sealed_birth_date, sealed_document_kind, "
          "birth_year, district, staff, verify_time) VALUES ($1, $2, $3, $4, $5, $6, $7) "
          "ON CONFLICT (resident) DO UPDATE SET sealed_birth_date = excluded.sealed_birth_date, "
          "sealed_document_kind = excluded.sealed_document_kind, "
          "birth_year = excluded.birth_year, district = excluded.district, "
          "staff = excluded.staff, verify_time = excluded.verify_time",
          verification.resident, sql::Blob{key->Seal(birth_date, kBirthDate)},
          sql::Blob{key->Seal(verification.document_kind, kDocumentKind)},
          verification.birth_date.year(), verification.district, verification.staff,
          ToMicros(verification.verify_time))
      .status();
}

absl::Status Store::Unverify(sql::Transaction& transaction, absl::string_view resident) {
  ASSIGN_OR_RETURN(const std::optional<Standing> standing, GetStanding(transaction, resident));
  if (!standing) return ResidentNotFound();
  return transaction.Execute("DELETE FROM verifications WHERE resident = $1", resident).status();
}

absl::StatusOr<std::optional<Standing>> Store::GetStanding(sql::Transaction& transaction,
                                                           absl::string_view resident) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query(absl::StrCat("SELECT ", kCountedDistrict,
                                                  ", v.sealed_birth_date, k.wrapped ",
                                                  FromResidents("LEFT JOIN"), "AND r.id = $1"),
                                     resident));
  if (rows.empty()) return std::nullopt;
  const sql::Row& row = rows[0];
  Standing standing{.verified = !row.IsNull(1), .district = row.Text(0)};
  if (standing.verified) {
    ASSIGN_OR_RETURN(const ResidentKey key, vault_.Unwrap(resident, row.Bytes(2)));
    ASSIGN_OR_RETURN(standing.birth_date, OpenBirthDate(key, row.Bytes(1)));
  }
  return standing;
}

absl::StatusOr<DistrictCounts> Store::CountEligible(sql::Transaction& transaction,
                                                    const EligibilityRule& rule,
                                                    absl::CivilDay today) {
  DistrictCounts counts;
  const bool verified = rule.verified || rule.min_age > 0;
  const absl::CivilDay latest = LatestBirthDate(rule.min_age, today);
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> sums,
      transaction.Query(absl::StrCat("SELECT ", kCountedDistrict, ", COUNT(*) ",
                                     FromResidents(verified ? "JOIN" : "LEFT JOIN"),
                                     "AND ($1 = 0 OR v.birth_year < $2) GROUP BY counted_district"),
                        rule.min_age, latest.year()));
  for (const sql::Row& row : sums) Count(row.Text(0), row.Int(1), rule, counts);
  if (rule.min_age == 0) return counts;

  // Only of those born in the year of the limit, the day decides.
  ASSIGN_OR_RETURN(const std::vector<sql::Row> born,
                   transaction.Query(absl::StrCat("SELECT ", kCountedDistrict,
                                                  ", v.sealed_birth_date, k.wrapped, r.id ",
                                                  FromResidents("JOIN"), "AND v.birth_year = $1"),
                                     latest.year()));
  for (const sql::Row& row : born) {
    ASSIGN_OR_RETURN(const ResidentKey key, vault_.Unwrap(row.Text(3), row.Bytes(2)));
    ASSIGN_OR_RETURN(const absl::CivilDay birth_date, OpenBirthDate(key, row.Bytes(1)));
    if (birth_date <= latest) Count(row.Text(0), 1, rule, counts);
  }
  return counts;
}

absl::Status Store::AddStaffAction(sql::Transaction& transaction, const StaffAction& action) {
  return transaction
      .Execute(
          "INSERT INTO staff_actions (id, staff, resident, action, action_time) "
          "VALUES ($1, $2, $3, $4, $5)",
          action.id, action.staff, action.resident, action.action, ToMicros(action.time))
      .status();
}

}  // namespace veche::identity
