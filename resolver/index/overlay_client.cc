#include "resolver/index/overlay_client.h"

#include <algorithm>

namespace resolver::index {
namespace {

std::string sdist_filename(const pep::Metadata& metadata) {
  std::string name = metadata.name.str();
  std::replace(name.begin(), name.end(), '-', '_');
  return name + "-" + metadata.version.str() + ".tar.gz";
}

std::uint32_t version_of(const Page& page, std::uint32_t file_number) {
  std::uint32_t version = 0;
  while (version < page.version_count() && page.files(version).end <= file_number) ++version;
  return version;
}

bool has_wheels(const Page& page, std::uint32_t version) {
  const FileRange files = page.files(version);
  for (std::uint32_t file = files.begin; file < files.end; ++file) {
    if (page.facts(file).kind == FileKind::kWheel) return true;
  }
  return false;
}

}  // namespace

pep::Status OverlayClient::add(Direct direct) {
  const pep::Name name = direct.metadata.name;
  const bool wheel = direct.filename.ends_with(".whl");
  // Whatever a source archive is called, it is its metadata that say which version it holds.
  const std::string filename = wheel ? direct.filename : sdist_filename(direct.metadata);
  const std::string requires_python =
      direct.metadata.requires_python ? direct.metadata.requires_python->str() : "";
  PageBuilder builder(name, "", "");
  builder.add({.filename = filename,
               .url = direct.url,
               .requires_python = requires_python,
               .sha256 = direct.sha256 ? &*direct.sha256 : nullptr,
               .size = direct.size,
               .upload_time = 1});  // long ago: what the user names is never too new
  auto page = PageView::own(builder.finish());
  if (page == nullptr || page->version_count() != 1 ||
      page->version(0) != direct.metadata.version) {
    return pep::error(pep::Fault::kIntegrity, direct.url + " holds " + name.str() + " " +
                                                  direct.metadata.version.str() +
                                                  ", which its file name contradicts");
  }
  directs_.insert_or_assign(name,
                            Known{.page = std::move(page), .metadata = std::move(direct.metadata)});
  return pep::Done{};
}

std::unique_ptr<Client> OverlayClient::share(std::unique_ptr<Client> below) const {
  auto other = std::make_unique<OverlayClient>(std::move(below));
  other->directs_ = directs_;
  return other;
}

void OverlayClient::want_page(const pep::Name& name) {
  if (!directs_.contains(name)) below_->want_page(name);
}

pep::Result<const Page*> OverlayClient::page(const pep::Name& name) {
  const auto found = directs_.find(name);
  if (found == directs_.end()) return below_->page(name);
  return static_cast<const Page*>(found->second.page.get());
}

void OverlayClient::want_metadata(const Page& page, std::uint32_t file_number) {
  if (!directs_.contains(page.name())) below_->want_metadata(page, file_number);
}

pep::Result<const pep::Metadata*> OverlayClient::metadata(const Page& page,
                                                          std::uint32_t file_number) {
  if (const auto found = directs_.find(page.name()); found != directs_.end())
    return static_cast<const pep::Metadata*>(&found->second.metadata);
  if (!builder_ || page.facts(file_number).kind != FileKind::kSdist)
    return below_->metadata(page, file_number);
  const std::uint32_t version = version_of(page, file_number);
  // A wheel of the same version says the same, wherever it runs, and need not be built.
  if (has_wheels(page, version)) return below_->metadata(page, file_number);
  const File file = page.file(file_number);
  if (auto text = known_(file)) {
    return built(page, version, file, [&](const pep::Name&, const pep::Version&, const File&) {
      return pep::Result<std::string>(std::move(*text));
    });
  }
  auto metadata = below_->metadata(page, file_number);
  if (metadata || metadata.error().fault != pep::Fault::kNotFound) return metadata;
  return built(page, version, file, builder_);
}

pep::Result<const pep::Metadata*> OverlayClient::built(const Page& page, std::uint32_t version,
                                                       const File& file,
                                                       const MetadataBuilder& builder) {
  const std::lock_guard lock(mutex_);
  auto known = built_.find(file.url);
  if (known == built_.end()) {
    const auto make = [&]() -> pep::Result<std::unique_ptr<pep::Metadata>> {
      auto text = builder(page.name(), page.version(version), file);
      if (!text) return std::move(text).error();
      auto metadata = pep::Metadata::parse(*text);
      if (!metadata) return std::move(metadata).error();
      if (metadata->name != page.name() || metadata->version != page.version(version)) {
        return pep::error(pep::Fault::kMalformed,
                          "what was built from " + std::string(file.filename) + " is " +
                              metadata->name.str() + " " + metadata->version.str());
      }
      return std::make_unique<pep::Metadata>(std::move(*metadata));
    };
    known = built_.emplace(std::string(file.url), make()).first;
  }
  if (!known->second) return known->second.error();
  return static_cast<const pep::Metadata*>(known->second->get());
}

}  // namespace resolver::index
