#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/geo/point.h"
#include "services/directory/domain/hours.h"
#include "services/directory/domain/names.h"

// Organizations and e-services, the entries of the directory that editors change, and their rules.

namespace veche::directory {

struct Phone {
  std::string number = {};
  std::string purpose = {};  // in the city's main language
  friend bool operator==(const Phone&, const Phone&) = default;
};

struct Email {
  std::string address = {};
  std::string purpose = {};  // in the city's main language
  friend bool operator==(const Email&, const Email&) = default;
};

// What the store keeps of each entry beside its data. Editors and imports do not set it.
struct EntryState {
  int64_t version = 0;  // of the entry: 1, 2, …
  int64_t change = 0;   // the version of the directory that brought the entry's last change
  absl::Time create_time = absl::UnixEpoch();
  absl::Time update_time = absl::UnixEpoch();
  absl::Time confirm_time = absl::UnixEpoch();  // by an editor
  std::optional<absl::Time> delete_time = {};
  friend bool operator==(const EntryState&, const EntryState&) = default;
};

struct Organization {
  std::string id = {};
  std::string title = {};     // texts without a language are in the city's main one
  Titles titles = {};         // by language
  std::string category = {};  // id of an OrganizationCategory
  std::string description = {};
  Titles descriptions = {};
  std::vector<Phone> phones = {};
  std::vector<Email> emails = {};
  std::string website = {};
  std::vector<std::string> socials = {};  // links
  std::string address = {};
  std::optional<geo::LatLng> location = {};
  std::optional<Hours> hours = {};          // nothing: unknown
  std::vector<std::string> districts = {};  // ids of the districts served
  std::string department = {};              // id of the department that it is
  std::string attribution = {};
  std::vector<std::string> made_up_fields = {};  // "hours": names of fields as in JSON
  EntryState state = {};
};

struct EService {
  std::string id = {};
  std::string title = {};
  Titles titles = {};
  std::string category = {};  // id of an OrganizationCategory
  std::string description = {};
  Titles descriptions = {};
  std::string audience = {};
  std::string link = {};
  std::string deep_link = {};
  std::vector<std::string> documents = {};
  std::string organization = {};  // id of the organization that provides it
  EntryState state = {};
};

// The most organizations of a directory, deleted ones included.
inline constexpr size_t kMostOrganizations = 50'000;
// How long a deleted entry can be restored.
inline constexpr absl::Duration kRestorable = absl::Hours(24 * 30);
// How long the confirmation of an editor holds.
inline constexpr absl::Duration kConfirmed = absl::Hours(24 * 365);

// The ids that entries may refer to.
struct KnownIds {
  absl::flat_hash_set<std::string> categories = {};  // of organizations
  absl::flat_hash_set<std::string> districts = {};
  absl::flat_hash_set<std::string> departments = {};
  absl::flat_hash_set<std::string> organizations = {};
};

// Adds a violation for each field that is not right: `prefix`, such as "organizations[3].", and the
// name of the field as in JSON. The id is checked unless it is empty, which a new entry's is.
void CheckOrganization(const Organization& organization, const KnownIds& known,
                       absl::string_view prefix, Violations& violations);
void CheckEService(const EService& service, const KnownIds& known, absl::string_view prefix,
                   Violations& violations);

// The names, as in JSON, of the fields that differ, in the order of the fields; `state` is none.
std::vector<std::string> ChangedFields(const Organization& before, const Organization& after);
std::vector<std::string> ChangedFields(const EService& before, const EService& after);

// Whether nobody has confirmed the organization for kConfirmed.
bool IsStale(const Organization& organization, absl::Time now);

}  // namespace veche::directory
