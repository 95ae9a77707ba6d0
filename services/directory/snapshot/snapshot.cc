#include "services/directory/snapshot/snapshot.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/directory/domain/errors.h"
#include "services/directory/domain/names.h"
#include "services/directory/wire/city_wire.h"
#include "services/directory/wire/organization_wire.h"

namespace veche::directory {
namespace {

// Rows with equal titles are ordered by name.
template <typename Rows>
void SortByTitle(Rows& rows) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.title(), a.name()) < std::tie(b.title(), b.name());
  });
}

// Shares the index with `former` when the boundaries are the same: it is costly to build.
absl::Status AddIndex(const City& city, const Snapshot* former, Snapshot& snapshot) {
  for (const District& district : city.districts) {
    snapshot.boundaries.push_back(district.boundary);
  }
  if (former != nullptr && former->boundaries == snapshot.boundaries) {
    snapshot.index = former->index;
    snapshot.areas = former->areas;
    return absl::OkStatus();
  }
  for (const District& district : city.districts) {
    ASSIGN_OR_RETURN(geo::Boundary boundary, geo::Boundary::Parse(district.boundary));
    snapshot.areas.push_back(std::move(boundary));
  }
  snapshot.index = std::make_shared<geo::DistrictIndex>(snapshot.areas);
  return absl::OkStatus();
}

absl::Status AddDistricts(const City& city, const Snapshot* former, Snapshot& snapshot) {
  RETURN_IF_ERROR(AddIndex(city, former, snapshot));
  for (const District& district : city.districts) {
    ASSIGN_OR_RETURN(*snapshot.districts.add_districts(), ToWire(district));
    snapshot.known.districts.insert(district.id);
  }
  SortByTitle(*snapshot.districts.mutable_districts());
  for (int i = 0; i < snapshot.districts.districts_size(); ++i) {
    snapshot.district_by_name[snapshot.districts.districts(i).name()] = i;
  }
  for (const District& district : city.districts) {
    snapshot.district_of_area.push_back(snapshot.district_by_name[NameOf(kDistricts, district.id)]);
  }
  snapshot.districts_without_boundaries = snapshot.districts;
  for (v1::District& district : *snapshot.districts_without_boundaries.mutable_districts()) {
    district.clear_boundary();
  }
  return absl::OkStatus();
}

// Adds to a department what residents know of its organization.
void AddContacts(const Organization& organization, v1::Department& department) {
  v1::Organization wire = ToWire(organization);
  department.set_organization(wire.name());
  if (department.phones().empty()) {
    for (const v1::Phone& phone : wire.phones()) department.add_phones(phone.number());
  }
  department.mutable_emails()->Swap(wire.mutable_emails());
  department.set_address(wire.address());
  if (wire.has_location()) *department.mutable_location() = wire.location();
  if (wire.has_hours()) *department.mutable_hours() = wire.hours();
  department.set_website(wire.website());
}

void AddDepartments(const City& city, Snapshot& snapshot) {
  std::map<std::string, const Organization*> by_department;
  for (const auto& entry : snapshot.entries.organizations().entries) {
    const Organization& organization = entry->data;
    if (organization.department.empty() || organization.state.delete_time) continue;
    by_department.emplace(organization.department, &organization);
  }
  for (const Department& department : city.departments) {
    v1::Department& wire = *snapshot.departments.add_departments();
    wire = ToWire(department);
    const auto found = by_department.find(department.id);
    if (found != by_department.end()) AddContacts(*found->second, wire);
  }
  SortByTitle(*snapshot.departments.mutable_departments());
}

bool SameDepartments(const Snapshot& a, const Snapshot& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a.departments, b.departments);
}

void AddCategories(const City& city, Snapshot& snapshot) {
  for (const Category& category : city.categories) {
    *snapshot.categories.add_categories() = ToWire(category);
  }
  auto& categories = *snapshot.categories.mutable_categories();
  std::sort(categories.begin(), categories.end(), [](const v1::Category& a, const v1::Category& b) {
    return std::tie(a.group_title(), a.group(), a.title(), a.name()) <
           std::tie(b.group_title(), b.group(), b.title(), b.name());
  });
  for (const OrganizationCategory& category : city.organization_categories) {
    *snapshot.organization_categories.add_organization_categories() = ToWire(category);
    snapshot.known.categories.insert(category.id);
  }
  SortByTitle(*snapshot.organization_categories.mutable_organization_categories());
}

// The titles of the categories of organizations in all languages, by id.
absl::flat_hash_map<std::string, std::string> CategoryTexts(const City& city) {
  absl::flat_hash_map<std::string, std::string> texts;
  for (const OrganizationCategory& category : city.organization_categories) {
    std::string& text = texts[category.id];
    text = category.title;
    for (const auto& [language, title] : category.titles) absl::StrAppend(&text, "\n", title);
  }
  return texts;
}

void AddMapLayers(Snapshot& snapshot) {
  std::map<std::string, int> points;
  for (const auto& entry : snapshot.entries.organizations().entries) {
    const Organization& organization = entry->data;
    if (organization.location && !organization.state.delete_time) ++points[organization.category];
  }
  for (const auto& category : snapshot.organization_categories.organization_categories()) {
    if (!category.map_layer()) continue;
    const std::string id = IdOf(kOrganizationCategories, category.name());
    v1::MapLayer& layer = *snapshot.map_layers.add_map_layers();
    layer.set_name(NameOf(kMapLayers, id));
    layer.set_title(category.title());
    *layer.mutable_titles() = category.titles();
    layer.set_feature_count(points[id]);
  }
}

}  // namespace

std::string Snapshot::DistrictOf(const geo::LatLng& point) const {
  const std::optional<size_t> area = index->Locate(point);
  if (!area) return "";
  return IdOf(kDistricts, districts.districts(district_of_area[*area]).name());
}

absl::StatusOr<std::shared_ptr<const Snapshot>> Snapshot::Build(const City& city,
                                                                ChangedEntries changed,
                                                                const Snapshot* former) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->version = city.version;
  snapshot->changes_from = city.changes_from;
  for (const Department& department : city.departments) {
    snapshot->known.departments.insert(department.id);
  }
  RETURN_IF_ERROR(AddDistricts(city, former, *snapshot));
  AddCategories(city, *snapshot);
  const bool same_categories =
      former != nullptr && google::protobuf::util::MessageDifferencer::Equals(
                               former->organization_categories, snapshot->organization_categories);
  const absl::flat_hash_map<std::string, std::string> texts = CategoryTexts(city);
  snapshot->entries = Entries::Merge(
      former == nullptr ? Entries() : former->entries, std::move(changed),
      {.forgotten = city.changes_from,
       .locate = [&](const geo::LatLng& point) { return snapshot->DistrictOf(point); },
       .category_text =
           [&](absl::string_view id) {
             const auto found = texts.find(id);
             return found == texts.end() ? std::string() : found->second;
           },
       .relocate = former != nullptr && former->index != snapshot->index,
       .reindex = !same_categories});
  AddDepartments(city, *snapshot);
  AddMapLayers(*snapshot);
  if (former == nullptr || !SameDepartments(*former, *snapshot)) {
    snapshot->reference_version = city.version;
  } else {
    snapshot->reference_version = std::max(city.reference_version, former->reference_version);
  }
  return snapshot;
}

std::shared_ptr<const Snapshot> SnapshotSource::Get() const {
  absl::MutexLock lock(&mutex_);
  return snapshot_;
}

absl::StatusOr<std::shared_ptr<const Snapshot>> SnapshotSource::Current() const {
  std::shared_ptr<const Snapshot> snapshot = Get();
  if (snapshot == nullptr) return DirectoryNotLoaded();
  return snapshot;
}

absl::Status SnapshotSource::Refresh() {
  ASSIGN_OR_RETURN(const bool changed, Load());
  if (changed && on_change_) on_change_();
  return absl::OkStatus();
}

absl::StatusOr<bool> SnapshotSource::Load() {
  absl::MutexLock one_at_a_time(&refreshing_);
  const std::shared_ptr<const Snapshot> old = Get();
  std::optional<City> city;
  ChangedEntries changed;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    city.reset();
    ASSIGN_OR_RETURN(const int64_t version, store_.Version(transaction));
    if (old != nullptr && version == old->version) return absl::OkStatus();
    ASSIGN_OR_RETURN(city, store_.Load(transaction));
    ASSIGN_OR_RETURN(changed, entries_.LoadAfter(transaction, old == nullptr ? 0 : old->version));
    return absl::OkStatus();
  }));
  if (!city) return false;
  ASSIGN_OR_RETURN(auto snapshot, Snapshot::Build(*city, std::move(changed), old.get()));
  absl::MutexLock lock(&mutex_);
  snapshot_ = std::move(snapshot);
  return true;
}

}  // namespace veche::directory
