use driftless_catalog::{Nameable, ObjectId, QualifiedName, Rename, Renames};
use driftless_finding::Sources;

use crate::PrismaCatalog;

impl PrismaCatalog {
    /// What the schema would ask for if it had the names that `names` give.
    #[must_use]
    pub fn renamed(&self, names: &Renames) -> Self {
        let relation = |it: &QualifiedName| names.relation(it);
        let mut catalog = self.catalog.renamed(names);
        // Prisma does not know what sequences are called: they have the names that a server would choose.
        let mut sequences = Vec::new();
        for table in catalog.tables.iter() {
            for column in &table.columns {
                let usual = column.serial_name(&table.name);
                if let Some(is) = column.serial.as_ref().filter(|it| **it != usual) {
                    let [from, to] = [is.clone(), usual]
                        .map(ObjectId::Sequence)
                        .map(Nameable::Object);
                    sequences.push(Rename { from, to });
                }
            }
        }
        if !sequences.is_empty() {
            catalog = catalog.renamed(&Renames::new(&catalog, &sequences));
        }
        let object = |it: &ObjectId| names.object(it);
        Self {
            catalog,
            order: self.order.iter().map(object).collect(),
            declarations: self
                .declarations
                .iter()
                .map(|(id, it)| (object(id), *it))
                .collect(),
            schemas: self.schemas.iter().map(|it| names.schema(it)).collect(),
            default_schema: names.schema(&self.default_schema),
            findings: self.findings.clone(),
            row_security: self.row_security.iter().map(relation).collect(),
            policy_blocks: self.policy_blocks.iter().map(object).collect(),
            lists: self.lists.iter().map(object).collect(),
            generated: self
                .generated
                .iter()
                .map(|(id, it)| (object(id), *it))
                .collect(),
            values: self
                .values
                .iter()
                .map(|((of, label), it)| {
                    let label = names.label(of, label);
                    ((names.type_name(of), label), it.clone())
                })
                .collect(),
        }
    }

    /// What the schema calls a table, column, enum or label: `User`, `User.email`, `Role`, `Role.ADMIN`. `None` if it
    /// declares none, or not by that name alone. `sources` are those that the schema was read from.
    pub fn name_in_schema(&self, it: &Nameable, sources: &Sources) -> Option<String> {
        let declared = |it: &ObjectId| Some(sources.text(self.declarations.get(it)?.span));
        match it {
            Nameable::Object(object @ (ObjectId::Table(_) | ObjectId::Enum(_))) => {
                declared(object).map(str::to_owned)
            }
            Nameable::Object(object @ ObjectId::Column(table, _)) => {
                let model = declared(&ObjectId::Table(table.clone()))?;
                Some(format!("{model}.{}", declared(object)?))
            }
            Nameable::Label(of, label) => {
                let name = declared(&ObjectId::Enum(of.clone()))?;
                let value = self.values.get(&(of.clone(), label.clone()))?;
                Some(format!("{name}.{value}"))
            }
            Nameable::Object(_) | Nameable::Attribute(..) => None,
        }
    }
}
