// A bounded reader of ELF program headers and dynamic sections, of either class and byte order. It
// touches only the pages it needs, which for a mapped library of 20 MB are four or five.
#include "rpmenv/elf.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

namespace rpmenv {
namespace {

// Far above what linkers write; a file that has more is an attack, not a library.
constexpr std::size_t kMaxNeeded = 2048;
constexpr std::size_t kMaxNodes = 8192;
constexpr std::size_t kMaxName = 1024;
constexpr std::size_t kMaxRunPath = 65536;
constexpr std::size_t kMaxDynamic = 65536;
constexpr std::size_t kMaxSymbols = 4000000;
constexpr std::size_t kMaxSymbolText = 256u << 20;  // of one file; names may overlap in it

struct Segment {
  std::uint64_t type, offset, address, size;
};

class Reader {
 public:
  Reader(std::string_view bytes, bool symbols) : bytes_(bytes), wants_symbols_(symbols) {}
  pep::Result<Elf> read();

 private:
  template <class T>
  std::optional<T> number(std::uint64_t at) const {
    if (at > bytes_.size() || bytes_.size() - at < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + at, sizeof value);
    if (!swaps_) return value;
    if constexpr (sizeof(T) == 1) return value;
    if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
    if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
    if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
  }
  // An address-sized number.
  std::optional<std::uint64_t> word(std::uint64_t at) const {
    if (wide_) return number<std::uint64_t>(at);
    return number<std::uint32_t>(at);
  }
  bool read_header();
  bool read_segments();
  bool read_dynamic(const Segment& dynamic);
  bool read_definitions(std::uint64_t address, std::uint64_t count);
  bool read_requirements(std::uint64_t address, std::uint64_t count);
  struct Tables {
    std::optional<std::uint64_t> symbols, versions, hash, gnu_hash;  // addresses
  };
  bool read_symbols(const Tables& tables);
  std::optional<std::uint64_t> symbol_count(const Tables& tables) const;
  std::optional<std::uint64_t> offset_of(std::uint64_t address) const;
  std::optional<std::string_view> name(std::uint64_t index, std::size_t longest = kMaxName) const;

  std::string_view bytes_;
  bool wants_symbols_ = false;
  bool swaps_ = false;
  bool wide_ = true;
  std::uint64_t strings_ = 0, strings_size_ = 0;
  std::vector<Segment> segments_;
  const char* fault_ = "its header is cut off";
  std::map<unsigned, std::string_view> nodes_;  // by their index, where symbols are wanted
  Elf elf_;
};

std::string machine_name(unsigned machine, bool wide, bool big_endian) {
  switch (machine) {
    case EM_X86_64:
      return "x86_64";
    case EM_386:
      return "i686";
    case EM_AARCH64:
      return "aarch64";
    case EM_ARM:
      return "armv7l";
    case EM_PPC64:
      return big_endian ? "ppc64" : "ppc64le";
    case EM_PPC:
      return "ppc";
    case EM_S390:
      return wide ? "s390x" : "s390";
    case EM_RISCV:
      return wide ? "riscv64" : "riscv32";
    case 258:  // EM_LOONGARCH, not in Debian 12's elf.h
      return "loongarch64";
    case EM_MIPS:
      return wide ? "mips64" : "mips";
    default:
      return fmt::format("machine-{}", machine);
  }
}

bool is_private(std::string_view node) { return node.ends_with("_PRIVATE"); }

bool Reader::read_header() {
  const auto kind = static_cast<unsigned char>(bytes_.size() > EI_DATA ? bytes_[EI_CLASS] : 0);
  const auto order = static_cast<unsigned char>(bytes_.size() > EI_DATA ? bytes_[EI_DATA] : 0);
  if ((kind != ELFCLASS32 && kind != ELFCLASS64) ||
      (order != ELFDATA2LSB && order != ELFDATA2MSB)) {
    return false;
  }
  wide_ = kind == ELFCLASS64;
  swaps_ = order == ELFDATA2MSB;
  const auto type = number<std::uint16_t>(16), machine = number<std::uint16_t>(18);
  if (!type || !machine || bytes_.size() < (wide_ ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr))) {
    return false;
  }
  elf_.machine = machine_name(*machine, wide_, swaps_);
  elf_.bits = wide_ ? 64 : 32;
  elf_.shared = *type == ET_DYN;
  return true;
}

bool Reader::read_segments() {
  fault_ = "its program headers lie outside of the file";
  const auto table = word(wide_ ? 32 : 28);
  const auto size = number<std::uint16_t>(wide_ ? 54 : 42);
  const auto count = number<std::uint16_t>(wide_ ? 56 : 44);
  if (!table || !size || !count || *table > bytes_.size()) return false;
  if (*count == 0) return true;
  if (*size < (wide_ ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr))) return false;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const std::uint64_t at = *table + i * *size;
    const auto type = number<std::uint32_t>(at);
    const auto offset = word(at + (wide_ ? 8 : 4)), address = word(at + (wide_ ? 16 : 8)),
               length = word(at + (wide_ ? 32 : 16));
    if (!type || !offset || !address || !length) return false;
    if (*type == PT_LOAD || *type == PT_DYNAMIC || *type == PT_INTERP) {
      segments_.push_back({*type, *offset, *address, *length});
    }
  }
  return true;
}

std::optional<std::uint64_t> Reader::offset_of(std::uint64_t address) const {
  for (const auto& segment : segments_) {
    if (segment.type != PT_LOAD || address < segment.address) continue;
    const std::uint64_t inside = address - segment.address;
    if (inside >= segment.size || segment.offset > bytes_.size()) continue;
    if (inside >= bytes_.size() - segment.offset) continue;
    return segment.offset + inside;
  }
  return std::nullopt;
}

std::optional<std::string_view> Reader::name(std::uint64_t index, std::size_t longest) const {
  if (index >= strings_size_) return std::nullopt;
  const std::size_t room = std::min<std::size_t>(strings_size_ - index, longest + 1);
  const auto text = bytes_.substr(static_cast<std::size_t>(strings_ + index), room);
  const auto end = text.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(0, end);
}

bool Reader::read_dynamic(const Segment& dynamic) {
  fault_ = "its dynamic section lies outside of the file";
  if (dynamic.offset > bytes_.size() || dynamic.size > bytes_.size() - dynamic.offset) return false;
  const std::uint64_t step = wide_ ? 16 : 8;
  std::vector<std::uint64_t> needed;
  std::optional<std::uint64_t> soname, run_path, old_path, strings, definitions, requirements;
  Tables tables;
  std::uint64_t strings_size = 0, definition_count = 0, requirement_count = 0, entries = 0;
  for (std::uint64_t at = dynamic.offset; at + step <= dynamic.offset + dynamic.size; at += step) {
    const auto tag = word(at), value = word(at + step / 2);
    if (!tag || !value || *tag == DT_NULL) break;
    fault_ = "its dynamic section has too many entries";
    if (++entries > kMaxDynamic || needed.size() > kMaxNeeded) return false;
    // The GNU tags are the same in both classes.
    if (*tag == DT_NEEDED) needed.push_back(*value);
    if (*tag == DT_SONAME) soname = *value;
    if (*tag == DT_RUNPATH) run_path = *value;
    if (*tag == DT_RPATH) old_path = *value;
    if (*tag == DT_STRTAB) strings = *value;
    if (*tag == DT_STRSZ) strings_size = *value;
    if (*tag == DT_VERDEF) definitions = *value;
    if (*tag == DT_VERDEFNUM) definition_count = *value;
    if (*tag == DT_VERNEED) requirements = *value;
    if (*tag == DT_VERNEEDNUM) requirement_count = *value;
    if (*tag == DT_SYMTAB) tables.symbols = *value;
    if (*tag == DT_VERSYM) tables.versions = *value;
    if (*tag == DT_HASH) tables.hash = *value;
    if (*tag == DT_GNU_HASH) tables.gnu_hash = *value;
  }
  elf_.dynamic = true;
  fault_ = "its string table lies outside of the file";
  const auto table = strings ? offset_of(*strings) : std::nullopt;
  if (!table) return !strings && needed.empty() && !soname;
  strings_ = *table;
  strings_size_ = std::min<std::uint64_t>(strings_size, bytes_.size() - *table);
  fault_ = "a name lies outside of its string table";
  for (const auto index : needed) {
    const auto text = name(index);
    if (!text) return false;
    elf_.needs.try_emplace(std::string(*text));
  }
  if (soname) {
    const auto text = name(*soname);
    if (!text) return false;
    elf_.soname = *text;
  }
  if (!run_path) run_path = old_path;
  if (run_path) {
    const auto text = name(*run_path, kMaxRunPath);
    if (!text) return false;
    for (std::string_view rest = *text; !rest.empty();) {
      const auto end = rest.find(':');
      if (end != 0) elf_.run_paths.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
  return (!definitions || read_definitions(*definitions, definition_count)) &&
         (!requirements || read_requirements(*requirements, requirement_count)) &&
         (!wants_symbols_ || read_symbols(tables));
}

// Elf*_Verdef and Elf*_Verdaux have the same layout in both classes.
bool Reader::read_definitions(std::uint64_t address, std::uint64_t count) {
  fault_ = "its version definitions do not hold together";
  auto at = offset_of(address);
  if (!at || count > kMaxNodes) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto flags = number<std::uint16_t>(*at + 2), parents = number<std::uint16_t>(*at + 6);
    const auto aux = number<std::uint32_t>(*at + 12), next = number<std::uint32_t>(*at + 16);
    if (!flags || !parents || !aux || !next) return false;
    const auto index = number<std::uint32_t>(*at + *aux);
    const auto text = index ? name(*index) : std::nullopt;
    if (*parents == 0 || !text) return false;
    if (wants_symbols_) nodes_[number<std::uint16_t>(*at + 4).value_or(0)] = *text;
    if ((*flags & VER_FLG_BASE) == 0 && !is_private(*text)) elf_.defines.emplace_back(*text);
    if (*next == 0) break;  // offsets only grow, so that a cycle cannot be
    *at += *next;
  }
  std::ranges::sort(elf_.defines);
  elf_.defines.erase(std::ranges::unique(elf_.defines).begin(), elf_.defines.end());
  return true;
}

bool Reader::read_requirements(std::uint64_t address, std::uint64_t count) {
  fault_ = "its version requirements do not hold together";
  auto at = offset_of(address);
  if (!at || count > kMaxNeeded) return false;
  std::size_t nodes = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto parts = number<std::uint16_t>(*at + 2);
    const auto file = number<std::uint32_t>(*at + 4), first = number<std::uint32_t>(*at + 8),
               next = number<std::uint32_t>(*at + 12);
    if (!parts || !file || !first || !next) return false;
    const auto library = name(*file);
    if (!library) return false;
    auto& versions = elf_.needs[std::string(*library)];
    std::uint64_t aux = *at + *first;
    for (unsigned k = 0; k < *parts; ++k) {
      const auto flags = number<std::uint16_t>(aux + 4);
      const auto index = number<std::uint32_t>(aux + 8), step = number<std::uint32_t>(aux + 12);
      const auto text = index ? name(*index) : std::nullopt;
      if (!flags || !step || !text || ++nodes > kMaxNodes) return false;
      if ((*flags & VER_FLG_WEAK) == 0 && !is_private(*text)) versions.emplace_back(*text);
      if (*step == 0) break;
      aux += *step;
    }
    std::ranges::sort(versions);
    versions.erase(std::ranges::unique(versions).begin(), versions.end());
    if (*next == 0) break;
    *at += *next;
  }
  return true;
}

// Nothing says how many there are but the tables that find them by name.
std::optional<std::uint64_t> Reader::symbol_count(const Tables& tables) const {
  if (tables.gnu_hash) {
    const auto at = offset_of(*tables.gnu_hash);
    const auto buckets = at ? number<std::uint32_t>(*at) : std::nullopt;
    const auto first = at ? number<std::uint32_t>(*at + 4) : std::nullopt;
    const auto bloom = at ? number<std::uint32_t>(*at + 8) : std::nullopt;
    if (!buckets || !first || !bloom) return std::nullopt;
    const std::uint64_t table = *at + 16 + std::uint64_t{*bloom} * (wide_ ? 8 : 4);
    std::uint32_t last = 0;
    for (std::uint64_t i = 0; i < *buckets; ++i) {
      const auto one = number<std::uint32_t>(table + 4 * i);
      if (!one) return std::nullopt;
      last = std::max(last, *one);
    }
    if (last < *first) return *first;  // none is exported
    const std::uint64_t chains = table + 4 * std::uint64_t{*buckets};
    for (std::uint64_t i = last;; ++i) {
      const auto hash = number<std::uint32_t>(chains + 4 * (i - *first));
      if (!hash) return std::nullopt;
      if ((*hash & 1) != 0) return i + 1;
    }
  }
  if (!tables.hash) return 0;
  // Entries of eight bytes in this one ABI.
  const bool wide = wide_ && elf_.machine == "s390x";
  const auto at = offset_of(*tables.hash);
  if (!at) return std::nullopt;
  if (wide) return number<std::uint64_t>(*at + 8);
  return number<std::uint32_t>(*at + 4);
}

bool Reader::read_symbols(const Tables& tables) {
  fault_ = "its symbol table does not hold together";
  if (!tables.symbols) return true;
  const auto count = symbol_count(tables);
  const auto table = offset_of(*tables.symbols);
  const auto versions = tables.versions ? offset_of(*tables.versions) : std::nullopt;
  if (!count || *count > kMaxSymbols || (*count > 0 && !table)) return false;
  std::size_t text = 0;
  for (std::uint64_t i = 1; i < *count; ++i) {
    const std::uint64_t at = *table + i * (wide_ ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym));
    const auto index = number<std::uint32_t>(at);
    const auto kind = number<std::uint8_t>(at + (wide_ ? 4 : 12)),
               other = number<std::uint8_t>(at + (wide_ ? 5 : 13));
    const auto section = number<std::uint16_t>(at + (wide_ ? 6 : 14));
    if (!index || !kind || !other || !section) return false;
    const unsigned binding = *kind >> 4, visibility = *other & 3;
    if (*section == SHN_UNDEF || binding == STB_LOCAL || visibility == STV_HIDDEN ||
        visibility == STV_INTERNAL)
      continue;
    const auto named = name(*index, kMaxRunPath);
    const auto version = versions ? number<std::uint16_t>(*versions + 2 * i) : std::nullopt;
    if (!named || (versions && !version)) return false;
    if (named->empty() || (version && (*version & 0x7fff) == 0)) continue;  // local
    std::string symbol(*named);
    const auto node = version ? nodes_.find(*version & 0x7fff) : nodes_.end();
    // Index 1 is the file itself, and a node of that name is its symbol.
    if (node != nodes_.end() && (*version & 0x7fff) > 1 && node->second != symbol)
      symbol.append((*version & 0x8000) != 0 ? "@" : "@@").append(node->second);
    text += symbol.size();
    if (text > kMaxSymbolText) return false;
    elf_.symbols.push_back(std::move(symbol));
  }
  std::ranges::sort(elf_.symbols);
  elf_.symbols.erase(std::ranges::unique(elf_.symbols).begin(), elf_.symbols.end());
  return true;
}

pep::Result<Elf> Reader::read() {
  bool good = read_header() && read_segments();
  for (const auto& segment : segments_) {
    if (!good) break;
    if (segment.type == PT_DYNAMIC && !elf_.dynamic) good = read_dynamic(segment);
    if (segment.type == PT_INTERP && segment.offset < bytes_.size()) {
      const auto text = bytes_.substr(static_cast<std::size_t>(segment.offset),
                                      std::min<std::size_t>(segment.size, kMaxName));
      elf_.interpreter = text.substr(0, text.find('\0'));
    }
  }
  if (!good) return pep::error(pep::Fault::kMalformed, fmt::format("damaged ELF file: {}", fault_));
  return std::move(elf_);
}

}  // namespace

bool is_elf(std::string_view bytes) {
  return bytes.starts_with(
      "\x7f"
      "ELF");
}

pep::Result<Elf> read_elf(std::string_view bytes, bool symbols) {
  if (!is_elf(bytes)) return pep::error(pep::Fault::kMalformed, "no ELF file");
  return Reader(bytes, symbols).read();
}

}  // namespace rpmenv
