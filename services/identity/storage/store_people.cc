#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"
#include "services/identity/domain/errors.h"
#include "services/identity/storage/in_list.h"
#include "services/identity/storage/sealed_fields.h"
#include "services/identity/storage/store.h"

namespace veche::identity {
namespace {

// The fields that the resident's key seals.
constexpr absl::string_view kDisplayName = "display_name";

std::optional<int64_t> ConfirmMicros(const ContactOfResident& contact) {
  if (contact.confirm_time == absl::InfinitePast()) return std::nullopt;
  return ToMicros(contact.confirm_time);
}

std::string RoleNames(const auth::Roles& roles) {
  std::vector<std::string> names;
  for (auth::Role role : StaffRoles()) {
    if (roles.Has(role)) names.push_back(options::v1::Role_Name(role));
  }
  return absl::StrJoin(names, ",");
}

auth::Roles RolesFromNames(absl::string_view names) {
  auth::Roles roles;
  for (absl::string_view name : absl::StrSplit(names, ',', absl::SkipEmpty())) {
    auth::Role role;
    if (options::v1::Role_Parse(std::string(name), &role)) roles.Add(role);
  }
  return roles;
}

template <auto... kPath>
constexpr sql::Column<Staff> Field(absl::string_view name) {
  return sql::MemberColumn<Staff, kPath...>(name);
}

constexpr sql::Column<Staff> kStaff[] = {
    Field<&Staff::id>("id"),
    Field<&Staff::login>("login"),
    Field<&Staff::password_hash>("password_hash"),
    Field<&Staff::profile, &Profile::display_name>("display_name"),
    Field<&Staff::profile, &Profile::locale>("locale"),
    Field<&Staff::profile, &Profile::home_district>("home_district"),
    {"roles", [](const Staff& staff) { return sql::Value(RoleNames(staff.roles)); },
     [](const sql::Row& row, size_t position, Staff& staff) {
       staff.roles = RolesFromNames(row.Text(position));
     }},
    Field<&Staff::department>("department"),
    Field<&Staff::disabled>("disabled"),
    Field<&Staff::create_time>("create_time"),
};

std::string SelectStaff(absl::string_view rest) {
  return absl::StrCat("SELECT ", sql::ColumnList(kStaff), " FROM staff ", rest);
}

std::optional<Staff> FirstStaff(const std::vector<sql::Row>& rows) {
  if (rows.empty()) return std::nullopt;
  return sql::ReadObject(kStaff, rows[0]);
}

absl::StatusOr<std::vector<Consent>> ConsentsOf(sql::Transaction& transaction,
                                                absl::string_view resident) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT purpose, grant_time FROM consents "
                                     "WHERE resident = $1 ORDER BY purpose",
                                     resident));
  std::vector<Consent> consents;
  for (const sql::Row& row : rows) consents.push_back({row.Text(0), FromMicros(row.Int(1))});
  return consents;
}

}  // namespace

absl::StatusOr<std::optional<std::string>> Store::FindResident(sql::Transaction& transaction,
                                                               const api::Contact& contact) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT resident FROM contacts WHERE lookup = $1",
                                     vault_.ContactLookup(contact)));
  if (rows.empty()) return std::nullopt;
  return rows[0].Text(0);
}

absl::StatusOr<std::string> Store::FindOrAddResident(sql::Transaction& transaction,
                                                     const Resident& resident) {
  const ContactOfResident& first = resident.contacts.front();
  ASSIGN_OR_RETURN(std::optional<std::string> known, FindResident(transaction, first.contact));
  if (known) return *known;

  const std::string wrapped = vault_.NewWrappedKey(resident.id);
  ASSIGN_OR_RETURN(const ResidentKey key, vault_.Unwrap(resident.id, wrapped));
  // The contact is inserted first: its unique lookup decides between concurrent registrations.
  ASSIGN_OR_RETURN(
      const int64_t added,
      transaction.Execute(
          "INSERT INTO contacts (resident, position, kind, lookup, sealed_value, confirm_time) "
          "VALUES ($1, 0, $2, $3, $4, $5) ON CONFLICT (lookup) DO NOTHING",
          resident.id, api::KindName(first.contact.kind), vault_.ContactLookup(first.contact),
          sql::Blob{key.Seal(first.contact.value, kContactField)}, ConfirmMicros(first)));
  if (added == 0) {
    ASSIGN_OR_RETURN(known, FindResident(transaction, first.contact));
    return known ? absl::StatusOr<std::string>(*known)
                 : absl::UnavailableError("The contact is being changed. Try again.");
  }
  RETURN_IF_ERROR(InsertResident(transaction, resident, wrapped, std::nullopt));
  return resident.id;
}

absl::StatusOr<std::string> Store::FindOrAddGuest(sql::Transaction& transaction,
                                                  const Resident& guest,
                                                  absl::string_view request) {
  std::optional<std::string> unique_request;
  if (!request.empty()) unique_request = std::string(request);
  const std::string wrapped = vault_.NewWrappedKey(guest.id);
  RETURN_IF_ERROR(InsertResident(transaction, guest, wrapped, unique_request));
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT id FROM residents WHERE id = $1 OR guest_request = $2",
                                     guest.id, unique_request));
  if (rows.empty()) return absl::UnavailableError("The guest is being registered. Try again.");
  if (rows[0].Text(0) != guest.id) return rows[0].Text(0);

  ASSIGN_OR_RETURN(const ResidentKey key, vault_.Unwrap(guest.id, wrapped));
  const ContactOfResident& first = guest.contacts.front();
  RETURN_IF_ERROR(transaction
                      .Execute("INSERT INTO contacts (resident, position, kind, lookup, "
                               "sealed_value, confirm_time) VALUES ($1, 0, $2, NULL, $3, $4)",
                               guest.id, api::KindName(first.contact.kind),
                               sql::Blob{key.Seal(first.contact.value, kContactField)},
                               ConfirmMicros(first))
                      .status());
  return guest.id;
}

absl::Status Store::InsertResident(sql::Transaction& transaction, const Resident& resident,
                                   absl::string_view wrapped_key,
                                   std::optional<std::string> request) {
  ASSIGN_OR_RETURN(const ResidentKey key, vault_.Unwrap(resident.id, wrapped_key));
  ASSIGN_OR_RETURN(
      const int64_t added,
      transaction.Execute("INSERT INTO residents (id, guest, guest_request, sealed_display_name, "
                          "locale, home_district, create_time) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                          "ON CONFLICT (guest_request) DO NOTHING",
                          resident.id, resident.guest, request,
                          sql::Blob{key.Seal(resident.profile.display_name, kDisplayName)},
                          resident.profile.locale, resident.profile.home_district,
                          ToMicros(resident.create_time)));
  if (added == 0) return absl::OkStatus();
  RETURN_IF_ERROR(transaction
                      .Execute("INSERT INTO resident_keys (resident, wrapped) VALUES ($1, $2)",
                               resident.id, sql::Blob{std::string(wrapped_key)})
                      .status());
  for (const Consent& consent : resident.consents) {
    RETURN_IF_ERROR(
        transaction
            .Execute("INSERT INTO consents (resident, purpose, grant_time) VALUES ($1, $2, $3)",
                     resident.id, consent.purpose, ToMicros(consent.grant_time))
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<ResidentKey>> Store::KeyOf(sql::Transaction& transaction,
                                                        absl::string_view resident) {
  ASSIGN_OR_RETURN(
      std::vector<sql::Row> rows,
      transaction.Query("SELECT wrapped FROM resident_keys WHERE resident = $1", resident));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(ResidentKey key, vault_.Unwrap(resident, rows[0].Bytes(0)));
  return key;
}

absl::StatusOr<std::vector<ContactOfResident>> Store::ContactsOf(sql::Transaction& transaction,
                                                                 absl::string_view resident,
                                                                 const ResidentKey& key) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT kind, sealed_value, confirm_time FROM contacts "
                                     "WHERE resident = $1 ORDER BY position",
                                     resident));
  std::vector<ContactOfResident> contacts;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(std::string value, key.Unseal(row.Bytes(1), kContactField));
    contacts.push_back(
        {.contact = {api::KindFromName(row.Text(0)), std::move(value)},
         .confirm_time = row.IsNull(2) ? absl::InfinitePast() : FromMicros(row.Int(2))});
  }
  return contacts;
}

absl::StatusOr<std::optional<Resident>> Store::GetResident(sql::Transaction& transaction,
                                                           absl::string_view id) {
  ASSIGN_OR_RETURN(std::optional<ResidentKey> key, KeyOf(transaction, id));
  if (!key) return std::nullopt;
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT guest, sealed_display_name, locale, home_district, "
                                     "create_time FROM residents WHERE id = $1",
                                     id));
  if (rows.empty()) return std::nullopt;
  const sql::Row& row = rows[0];
  Resident resident{.id = std::string(id), .guest = row.Bool(0)};
  ASSIGN_OR_RETURN(resident.profile.display_name, key->Unseal(row.Bytes(1), kDisplayName));
  resident.profile.locale = row.Text(2);
  resident.profile.home_district = row.Text(3);
  resident.create_time = FromMicros(row.Int(4));
  ASSIGN_OR_RETURN(resident.contacts, ContactsOf(transaction, id, *key));
  ASSIGN_OR_RETURN(resident.consents, ConsentsOf(transaction, id));
  return resident;
}

absl::StatusOr<Resident> Store::UpdateResident(sql::Transaction& transaction, absl::string_view id,
                                               absl::FunctionRef<absl::Status(Resident&)> change) {
  // Changes nothing but locks the row, so that the next read stays valid.
  RETURN_IF_ERROR(
      transaction.Execute("UPDATE residents SET locale = locale WHERE id = $1", id).status());
  ASSIGN_OR_RETURN(std::optional<Resident> resident, GetResident(transaction, id));
  ASSIGN_OR_RETURN(std::optional<ResidentKey> key, KeyOf(transaction, id));
  if (!resident || !key) return AccountNotFound();
  RETURN_IF_ERROR(change(*resident));
  const Profile& profile = resident->profile;
  RETURN_IF_ERROR(transaction
                      .Execute("UPDATE residents SET sealed_display_name = $2, locale = $3, "
                               "home_district = $4 WHERE id = $1",
                               id, sql::Blob{key->Seal(profile.display_name, kDisplayName)},
                               profile.locale, profile.home_district)
                      .status());
  return *std::move(resident);
}

absl::StatusOr<std::vector<std::string>> Store::ListResidents(
    sql::Transaction& transaction, absl::Span<const std::string> districts, absl::string_view after,
    int limit) {
  static constexpr absl::string_view kSelect =
      "SELECT r.id FROM residents r JOIN resident_keys k ON k.resident = r.id "
      "WHERE NOT r.guest AND r.id > $1 ";
  static constexpr absl::string_view kOrder = "ORDER BY r.id LIMIT $2";
  std::vector<std::string> ids;
  const auto add = [&](const std::vector<sql::Row>& rows) {
    for (const sql::Row& row : rows) ids.push_back(row.Text(0));
  };
  if (districts.empty()) {
    ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                     transaction.Query(absl::StrCat(kSelect, kOrder), after, limit));
    add(rows);
    return ids;
  }
  // Two statements for each district, because each of two indexes has the ids of one district in
  // order: residents whose document names the district, and those whose home is there and whose
  // document names none.
  static constexpr absl::string_view kByDocument =
      "SELECT v.resident FROM verifications v JOIN residents r ON r.id = v.resident "
      "JOIN resident_keys k ON k.resident = v.resident "
      "WHERE NOT r.guest AND v.resident > $1 AND v.district = $3 ORDER BY v.resident LIMIT $2";
  static constexpr absl::string_view kByHome =
      "AND r.home_district = $3 AND NOT EXISTS (SELECT 1 FROM verifications v "
      "WHERE v.resident = r.id AND v.district <> '') ";
  for (const std::string& district : std::set<std::string>(districts.begin(), districts.end())) {
    ASSIGN_OR_RETURN(const std::vector<sql::Row> verified,
                     transaction.Query(kByDocument, after, limit, district));
    add(verified);
    ASSIGN_OR_RETURN(
        const std::vector<sql::Row> at_home,
        transaction.Query(absl::StrCat(kSelect, kByHome, kOrder), after, limit, district));
    add(at_home);
  }
  std::sort(ids.begin(), ids.end());
  if (ids.size() > static_cast<size_t>(limit)) ids.resize(limit);
  return ids;
}

absl::StatusOr<std::map<std::string, std::string>> Store::HomeDistricts(
    sql::Transaction& transaction, absl::Span<const std::string> residents) {
  std::map<std::string, std::string> homes;
  if (residents.empty()) return homes;
  const InList list(residents);
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.QueryWith(absl::StrCat("SELECT r.id, r.home_district FROM residents r "
                                         "JOIN resident_keys k ON k.resident = r.id "
                                         "WHERE NOT r.guest AND r.home_district <> '' AND r.id IN ",
                                         list.text()),
                            list.values()));
  for (const sql::Row& row : rows) homes[row.Text(0)] = row.Text(1);
  return homes;
}

absl::StatusOr<bool> Store::AddStaff(sql::Transaction& transaction, const Staff& staff) {
  ASSIGN_OR_RETURN(const int64_t added,
                   transaction.ExecuteWith(absl::StrCat(sql::InsertStatement("staff", kStaff),
                                                        " ON CONFLICT (login) DO NOTHING"),
                                           sql::ColumnValues(kStaff, staff)));
  return added == 1;
}

absl::StatusOr<std::optional<Staff>> Store::GetStaff(sql::Transaction& transaction,
                                                     absl::string_view id) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows, transaction.Query(SelectStaff("WHERE id = $1"), id));
  return FirstStaff(rows);
}

absl::StatusOr<std::optional<Staff>> Store::FindStaff(sql::Transaction& transaction,
                                                      absl::string_view login) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query(SelectStaff("WHERE login = $1"), login));
  return FirstStaff(rows);
}

absl::StatusOr<std::vector<Staff>> Store::ListStaff(sql::Transaction& transaction,
                                                    absl::string_view before, int limit) {
  // Ids are ordered by time and consist of lower-case letters and digits, which sort before "~".
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query(SelectStaff("WHERE id < $1 ORDER BY id DESC LIMIT $2"),
                                     before.empty() ? "~" : before, limit));
  std::vector<Staff> staff;
  for (const sql::Row& row : rows) staff.push_back(sql::ReadObject(kStaff, row));
  return staff;
}

absl::StatusOr<Staff> Store::UpdateStaff(sql::Transaction& transaction, absl::string_view id,
                                         absl::FunctionRef<absl::Status(Staff&)> change) {
  RETURN_IF_ERROR(
      transaction.Execute("UPDATE staff SET locale = locale WHERE id = $1", id).status());
  ASSIGN_OR_RETURN(std::optional<Staff> staff, GetStaff(transaction, id));
  if (!staff) return AccountNotFound();
  RETURN_IF_ERROR(change(*staff));
  RETURN_IF_ERROR(transaction
                      .Execute("UPDATE staff SET password_hash = $2, display_name = $3, "
                               "locale = $4, home_district = $5, roles = $6, department = $7, "
                               "disabled = $8 WHERE id = $1",
                               id, staff->password_hash, staff->profile.display_name,
                               staff->profile.locale, staff->profile.home_district,
                               RoleNames(staff->roles), staff->department, staff->disabled)
                      .status());
  return *std::move(staff);
}

}  // namespace veche::identity
