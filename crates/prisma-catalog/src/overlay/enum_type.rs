use driftless_catalog::EnumType;

use super::Laying;

/// Prisma knows which labels there are, and does not mind their order: labels that are new go to the end,
/// as Prisma Migrate puts them.
pub(super) fn lay(laying: &mut Laying<'_>) {
    let prisma = laying.prisma;
    for wanted in &prisma.catalog.enums {
        let it = match laying.base.enums.get(&wanted.name) {
            Some(base) => EnumType {
                labels: labels(base, wanted),
                ..base.clone()
            },
            None => wanted.clone(),
        };
        laying.out.catalog.enums.insert(it);
    }
    laying.out.catalog.enums.retain(|it| {
        // Prisma has no enums without labels, and sees none.
        prisma.catalog.enums.contains(&it.name)
            || !prisma.governs(&it.name.schema)
            || it.labels.is_empty()
    });
}

fn labels(base: &EnumType, wanted: &EnumType) -> Vec<String> {
    if base.labels.iter().any(|it| !wanted.labels.contains(it)) {
        return wanted.labels.clone();
    }
    let new = wanted.labels.iter().filter(|it| !base.labels.contains(it));
    base.labels.iter().chain(new).cloned().collect()
}
